import {Component, onMounted, useState} from "@odoo/owl";
import {ImmexHomeCard} from "./home_card";
import {ImmexHomeChart} from "./home_chart";
import {Layout} from "@web/search/layout";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {useService} from "@web/core/utils/hooks";

/**
 * The page that the app opens with. The server counts, words and says what each figure
 * opens; the page comes at once and the figures after it.
 */
export class ImmexHome extends Component {
    static template = "immex_reports.Home";
    static components = {ImmexHomeCard, ImmexHomeChart, Layout};
    static props = {...standardActionServiceProps};
    static displayName = _t("Home");

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.display = {controlPanel: {}};
        this.state = useState({
            figures: {data: null, error: "", loading: true},
            charts: {data: null, error: "", loading: true},
        });
        onMounted(() => this.load());
    }

    async load() {
        await Promise.all([this.fetch("figures"), this.fetch("charts")]);
    }

    /**
     * What was there stays until the new is there, or for as long as it does not come.
     *
     * @param {String} what method of the server, and part of the state
     */
    async fetch(what) {
        const part = this.state[what];
        part.loading = true;
        part.error = "";
        try {
            part.data = await this.orm.silent.call("immex.home", what, []);
        } catch (error) {
            part.error = error.data?.message || error.message || String(error);
        }
        part.loading = false;
    }

    open(action) {
        return this.action.doAction(action);
    }
}

registry.category("actions").add("immex_home", ImmexHome);
