import {Component, onMounted, onWillUnmount, xml} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";

const EVERY = 2000; // Milliseconds
const OPEN = ["waiting", "running", "closing"];

/**
 * Reads the record of a form again while its work waits or runs, and says so.
 *
 * <widget name="immex_poll"/> in a form whose view has the field "state".
 */
export class ImmexPoll extends Component {
    static template = xml`
        <i t-if="open" class="fa fa-refresh fa-spin text-muted" role="presentation"/>`;
    static props = {...standardWidgetProps};

    setup() {
        this.busy = false;
        onMounted(() => {
            this.timer = setInterval(() => this.look(), EVERY);
        });
        onWillUnmount(() => clearInterval(this.timer));
    }

    get open() {
        return OPEN.includes(this.props.record.data.state);
    }

    async look() {
        if (!this.open || this.busy || document.hidden) {
            return;
        }
        this.busy = true;
        try {
            await this.props.record.load();
        } finally {
            this.busy = false;
        }
    }
}

registry.category("view_widgets").add("immex_poll", {component: ImmexPoll});
