import {Component} from "@odoo/owl";

const ICONS = {
    ok: "fa-check-circle text-success",
    warning: "fa-exclamation-triangle text-warning",
    danger: "fa-times-circle text-danger",
    none: "fa-minus-circle text-muted",
};

/**
 * A figure: pressed, it opens the records that it counts. Its state is told by an icon
 * and a word, never by colour alone.
 */
export class ImmexHomeCard extends Component {
    static template = "immex_reports.HomeCard";
    static props = {card: Object, open: Function};

    get icon() {
        return ICONS[this.props.card.level];
    }
}
