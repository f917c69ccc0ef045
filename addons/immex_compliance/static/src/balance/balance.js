import {Component} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

/**
 * What was imported, what left by kind of exit and what is left (Json field): a bar
 * whose parts differ by pattern as well as by colour, and the same in words.
 */
export class ImmexBalance extends Component {
    static template = "immex_compliance.Balance";
    static props = {...standardFieldProps};

    get balance() {
        return this.props.record.data[this.props.name];
    }
}

registry.category("fields").add("immex_balance", {
    component: ImmexBalance,
    supportedTypes: ["json"],
});
