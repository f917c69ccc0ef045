import {SelectionField, selectionField} from "@web/views/fields/selection/selection_field";
import {registry} from "@web/core/registry";

/**
 * A report is chosen among those of its subject. The server names the subjects, in the
 * language of the user, with the keys of their reports.
 */
export class ImmexReportChoice extends SelectionField {
    static template = "immex_reports.ReportChoice";
    static props = {...SelectionField.props, subjects: {type: Array, optional: true}};
    static defaultProps = {...SelectionField.defaultProps, subjects: []};

    get groups() {
        const labels = Object.fromEntries(this.options);
        return this.props.subjects.map(([label, codes]) => ({
            label,
            choices: codes
                .filter((value) => value in labels)
                .map((value) => ({value, label: labels[value]})),
        }));
    }
}

registry.category("fields").add("immex_report_choice", {
    ...selectionField,
    component: ImmexReportChoice,
    supportedTypes: ["selection"],
    extractProps(fieldInfo, dynamicInfo) {
        return {
            ...selectionField.extractProps(fieldInfo, dynamicInfo),
            subjects: fieldInfo.options.subjects,
        };
    },
});
