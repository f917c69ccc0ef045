import {Component, onMounted, useEffect, useRef, useState} from "@odoo/owl";
import {Layout} from "@web/search/layout";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {useService} from "@web/core/utils/hooks";

const STEP = 1.25;
const LEAST = 0.15;
const MOST = 2.5;
// below this a picture is moved about rather than made smaller
const READABLE = 0.64;
// but down to this its whole width is shown, so that neither edge is cut
const WIDEST = 0.48;
const SUMS = 4;
const ICONS = {
    pedimento: "\uf15c",
    remesa: "\uf0ec",
    receipt: "\uf0d1",
    delivery: "\uf0d1",
    layer: "\uf1b3",
    made: "\uf085",
    exit: "\uf08b",
    act: "\uf06d",
    paper: "\uf0f6",
    order: "\uf07a",
    more: "\uf141",
    short: "\uf071",
    missing: "\uf059",
};

/** @returns {String[]} of an array, a text with commas, or one number */
function list(value) {
    return Array.isArray(value) ? value : String(value ?? "").split(",").filter(Boolean);
}

/** The text cut to what fits; the whole is in the node's title. */
export function cut(text, length) {
    return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}

/**
 * The way from import pedimento to exit as a picture: documents from left to right,
 * quantities on the lines between them. The server reads, words and places; here it is
 * drawn, moved, unfolded and opened, by mouse or by keys.
 */
export class ImmexTrace extends Component {
    static template = "immex_reports.Trace";
    static components = {Layout};
    static props = {...standardActionServiceProps};
    static displayName = _t("Traceability");

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.display = {controlPanel: {}};
        this.canvas = useRef("canvas");
        // of the button's action, or of the address that this page keeps
        const params = this.props.action.params || {};
        this.subject = {
            model: params.trace_of || params.model || "",
            ids: list(params.trace_ids || params.ids).map(Number),
        };
        this.state = useState({
            graph: null,
            error: "",
            loading: false,
            papers: !params.trace_bare,
            opened: list(params.trace_open),
            limit: Number(params.trace_limit) || 0,
            table: false,
            zoom: 1,
            x: 0,
            y: 0,
            chosen: "",
            sums: false,
            // counts how often the picture is to be brought into view
            fits: 0,
        });
        onMounted(() => this.load(true));
        useEffect(
            (element) => {
                if (!element) {
                    return;
                }
                // Odoo's listeners are passive: the page would scroll as well
                const wheel = (event) => this.onWheel(event);
                element.addEventListener("wheel", wheel, {passive: false});
                return () => element.removeEventListener("wheel", wheel);
            },
            () => [this.canvas.el]
        );
        useEffect(
            () => this.fit(),
            () => [this.canvas.el, this.state.fits]
        );
    }

    /** @param {Boolean} fit whether the whole is brought into view */
    async load(fit) {
        this.state.loading = true;
        this.state.error = "";
        try {
            const options = {opened: [...this.state.opened], papers: this.state.papers};
            if (this.state.limit) {
                options.limit = this.state.limit;
            }
            this.state.graph = await this.orm.silent.call(
                "immex.trace",
                "graph",
                [this.subject.model, this.subject.ids],
                options
            );
            this.keep();
            this.nodes = Object.fromEntries(
                this.state.graph.nodes.map((node) => [node.key, node])
            );
            this.order = [...this.state.graph.nodes].sort((a, b) => a.x - b.x || a.y - b.y);
            if (fit) {
                this.state.fits++;
            }
        } catch (error) {
            this.state.error = error.data?.message || error.message || String(error);
        }
        this.state.loading = false;
    }

    /** What is needed to come back here from a record, or by the address. */
    keep() {
        const {papers, opened, limit} = this.state;
        const kept = {
            trace_of: this.subject.model,
            trace_ids: this.subject.ids.join(","),
            trace_open: opened.join(",") || undefined,
            trace_limit: limit || undefined,
            trace_bare: papers ? undefined : 1,
        };
        this.props.action.params = {...this.props.action.params, ...kept};
        this.props.updateActionState?.(kept);
    }

    // what is drawn ----------------------------------------------------------------
    get view() {
        const {zoom, x, y} = this.state;
        return `translate(${x} ${y}) scale(${zoom})`;
    }

    /** Sign of a folded node. */
    sign(node) {
        return node.listed ? "\uf03a" : "\uf196";
    }

    icon(node) {
        return ICONS[node.type] || ICONS.paper;
    }

    cut(text, length) {
        return cut(text, length);
    }

    name(node) {
        const parts = [node.label, node.title, ...node.lines];
        if (node.findings) {
            parts.push(_t("%s open findings", node.findings));
        }
        if (node.fold) {
            parts.push(
                node.listed ? _t("Press Enter to list them") : _t("Press Enter to unfold")
            );
        }
        return parts.filter(Boolean).join(", ");
    }

    classes(node) {
        const chosen = this.state.chosen;
        const near =
            !chosen ||
            chosen === node.key ||
            this.state.graph.edges.some(
                ({source, target}) =>
                    (source === chosen && target === node.key) ||
                    (target === chosen && source === node.key)
            );
        return {
            [`o_immex_trace_${node.type}`]: true,
            o_immex_trace_root: node.root,
            o_immex_trace_far: !near,
        };
    }

    far(edge) {
        const chosen = this.state.chosen;
        return chosen && edge.source !== chosen && edge.target !== chosen;
    }

    /** From the middle of a side of one node to that of the other. */
    path(edge) {
        const a = this.nodes[edge.source];
        const b = this.nodes[edge.target];
        const forward = a.x <= b.x;
        const x1 = forward ? a.x + a.w : a.x;
        const y1 = a.y + a.h / 2;
        const y2 = b.y + b.h / 2;
        if (a.x === b.x) {
            return `M ${x1} ${y1} C ${x1 + 56} ${y1}, ${x1 + 56} ${y2}, ${x1} ${y2}`;
        }
        const x2 = forward ? b.x : b.x + b.w;
        const bend = (x2 - x1) / 2;
        return `M ${x1} ${y1} C ${x1 + bend} ${y1}, ${x2 - bend} ${y2}, ${x2} ${y2}`;
    }

    /** The first sums, or all of them. */
    get sums() {
        const {balance} = this.state.graph;
        return this.state.sums ? balance : balance.slice(0, SUMS);
    }

    get moreSums() {
        return this.state.graph.balance.length - SUMS;
    }

    get sumsLabel() {
        const all = _t("All sums (%s)", this.state.graph.balance.length);
        return this.state.sums ? _t("Fewer sums") : all;
    }

    toggleSums() {
        this.state.sums = !this.state.sums;
        this.state.fits++;
    }

    title(key) {
        const node = this.nodes[key];
        return `${node.label} ${node.title}`;
    }

    // moving about -------------------------------------------------------------------
    get box() {
        return this.canvas.el.getBoundingClientRect();
    }

    /** The whole, or at least its width, where it can be read so; else what the file
     * is of. */
    fit() {
        const {graph} = this.state;
        if (!graph || !this.canvas.el) {
            return;
        }
        const {width, height} = this.box;
        const whole = Math.min(width / graph.width, height / graph.height, 1);
        const wide = Math.max(width / graph.width, WIDEST);
        const zoom = Math.max(whole, Math.min(wide, READABLE));
        const root = graph.nodes.find((node) => node.root);
        const along = (size, all, middle) =>
            all * zoom <= size
                ? (size - all * zoom) / 2
                : Math.max(size - all * zoom, Math.min(0, size / 2 - middle * zoom));
        this.state.zoom = zoom;
        this.state.x = along(width, graph.width, root ? root.x + root.w / 2 : 0);
        this.state.y = along(
            height,
            graph.height,
            root ? root.y + root.h / 2 : graph.height / 2
        );
    }

    whole() {
        const {width, height} = this.box;
        const {graph} = this.state;
        const zoom = Math.max(LEAST, Math.min(width / graph.width, height / graph.height, 1));
        Object.assign(this.state, {
            zoom,
            x: (width - graph.width * zoom) / 2,
            y: (height - graph.height * zoom) / 2,
        });
    }

    zoomBy(factor, at) {
        const {width, height} = this.box;
        const {x, y} = at || {x: width / 2, y: height / 2};
        const zoom = Math.min(MOST, Math.max(LEAST, this.state.zoom * factor));
        const ratio = zoom / this.state.zoom;
        Object.assign(this.state, {
            zoom,
            x: x - (x - this.state.x) * ratio,
            y: y - (y - this.state.y) * ratio,
        });
    }

    onWheel(event) {
        event.preventDefault();
        if (event.ctrlKey || event.metaKey) {
            const {left, top} = this.box;
            const at = {x: event.clientX - left, y: event.clientY - top};
            this.zoomBy(event.deltaY < 0 ? STEP : 1 / STEP, at);
        } else {
            this.state.x -= event.shiftKey ? event.deltaY : event.deltaX;
            this.state.y -= event.shiftKey ? 0 : event.deltaY;
        }
    }

    onPointerDown(event) {
        if (event.button || event.target.closest(".o_immex_trace_node")) {
            return;
        }
        this.grip = {x: event.clientX - this.state.x, y: event.clientY - this.state.y};
        event.currentTarget.setPointerCapture(event.pointerId);
    }

    onPointerMove(event) {
        if (this.grip) {
            this.state.x = event.clientX - this.grip.x;
            this.state.y = event.clientY - this.grip.y;
        }
    }

    onPointerUp() {
        this.grip = null;
    }

    onKeydown(event) {
        const by = {ArrowLeft: [80, 0], ArrowRight: [-80, 0], ArrowUp: [0, 80], ArrowDown: [0, -80]}[
            event.key
        ];
        if (event.ctrlKey || event.metaKey || event.altKey) {
            return;
        }
        if (event.key === "+" || event.key === "-") {
            this.zoomBy(event.key === "+" ? STEP : 1 / STEP);
        } else if (event.key === "0") {
            this.fit();
        } else if (by && event.target === this.canvas.el) {
            this.state.x += by[0];
            this.state.y += by[1];
        } else {
            return;
        }
        event.preventDefault();
    }

    // nodes -------------------------------------------------------------------------
    onFocus(node) {
        this.state.chosen = node.key;
        const {width, height} = this.box;
        const {zoom} = this.state;
        const left = node.x * zoom + this.state.x;
        const top = node.y * zoom + this.state.y;
        // a node that keys reach comes into view
        if (left < 0 || left + node.w * zoom > width) {
            this.state.x = width / 2 - (node.x + node.w / 2) * zoom;
        }
        if (top < 0 || top + node.h * zoom > height) {
            this.state.y = height / 2 - (node.y + node.h / 2) * zoom;
        }
        // the browser scrolls what has the focus into view as well
        this.canvas.el.scrollTo(0, 0);
    }

    onBlur() {
        this.state.chosen = "";
    }

    onNodeKey(event, node) {
        if (event.key === "Enter" || event.key === " ") {
            event.preventDefault();
            event.stopPropagation();
            this.press(node);
        } else if (event.key.startsWith("Arrow")) {
            event.preventDefault();
            event.stopPropagation();
            this.walk(node, event.key);
        }
    }

    /** To the nearest node of the column beside, or the next one in this column. */
    walk(node, key) {
        const sideways = key === "ArrowLeft" || key === "ArrowRight";
        const back = key === "ArrowLeft" || key === "ArrowUp";
        const there = this.order.filter((other) => {
            const by = sideways ? other.x - node.x : other.y - node.y;
            return (back ? by < 0 : by > 0) && (sideways || other.x === node.x);
        });
        const joined = (other) =>
            this.state.graph.edges.some(
                ({source, target}) =>
                    (source === node.key && target === other.key) ||
                    (target === node.key && source === other.key)
            );
        const far = (other) =>
            Math.abs(other.x - node.x) * 2 +
            Math.abs(other.y - node.y) -
            (sideways && joined(other) ? 1e6 : 0);
        const next = there.sort((a, b) => far(a) - far(b))[0];
        if (next) {
            this.canvas.el.querySelector(`[data-key="${CSS.escape(next.key)}"]`)?.focus();
        }
    }

    press(node) {
        if (node.listed) {
            return this.list(node);
        }
        return node.fold ? this.unfold(node) : this.open(node);
    }

    /** What the picture has no room for. */
    async list(node) {
        const {model, ids} = this.subject;
        return this.action.doAction(
            await this.orm.call("immex.trace", "listed", [model, ids, node.fold])
        );
    }

    unfold(node) {
        if (node.type === "more") {
            const {graph} = this.state;
            this.state.limit = Math.min(graph.limit * 2, graph.most);
        } else {
            this.state.opened.push(node.fold);
        }
        return this.load(true);
    }

    fold() {
        this.state.opened = [];
        this.state.limit = 0;
        return this.load(true);
    }

    get unfolded() {
        return this.state.opened.length || this.state.limit;
    }

    open(node) {
        if (!node.model) {
            return;
        }
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: node.model,
            res_id: node.id,
            views: [[false, "form"]],
            target: "current",
        });
    }

    togglePapers() {
        this.state.papers = !this.state.papers;
        return this.load(true);
    }

    toggleTable() {
        this.state.table = !this.state.table;
    }

    /** The printable file, made in the background. */
    async file() {
        const action = await this.orm.call("immex.trace.file", "action_ask", [
            this.subject.model,
            this.subject.ids,
        ]);
        return this.action.doAction(action);
    }
}

registry.category("actions").add("immex_trace", ImmexTrace);
