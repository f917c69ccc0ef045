import {Component} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";
import {useService} from "@web/core/utils/hooks";

/**
 * Tables that the server words and counts (Json field): each row opens its records.
 */
export class ImmexSummary extends Component {
    static template = "immex_compliance.Summary";
    static props = {...standardFieldProps};

    setup() {
        this.action = useService("action");
    }

    get tables() {
        return this.props.record.data[this.props.name] || [];
    }

    async open(what) {
        const {resModel, resId, context} = this.props.record;
        await this.action.doActionButton({
            type: "object",
            name: "action_summary",
            args: JSON.stringify(what),
            resModel,
            resId,
            context,
        });
    }
}

registry.category("fields").add("immex_summary", {
    component: ImmexSummary,
    supportedTypes: ["json"],
});
