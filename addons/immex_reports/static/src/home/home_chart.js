import {Component, onWillStart, useEffect, useRef, useState} from "@odoo/owl";
import {getColor, getCustomColor} from "@web/core/colors/colors";
import {cookie} from "@web/core/browser/cookie";
import {formatFloat} from "@web/views/fields/formatters";
import {loadBundle} from "@web/core/assets";

// Of Odoo's palette, what stands out from white and from each other
const COLORS = [1, 7, 3, 9];

/**
 * A canvas pattern, so that bars differ without their colours.
 *
 * @param {String} color
 * @param {Number} index of the dataset: 0 is plain
 * @returns {String|CanvasPattern}
 */
function fill(color, index) {
    if (!index) {
        return color;
    }
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = 8;
    const context = canvas.getContext("2d");
    context.fillStyle = color;
    context.fillRect(0, 0, 8, 8);
    context.strokeStyle = context.fillStyle = "rgba(255, 255, 255, 0.75)";
    context.lineWidth = 1.5;
    context.beginPath();
    if (index === 1) {
        context.moveTo(-2, 10);
        context.lineTo(10, -2);
    } else if (index === 2) {
        context.arc(4, 4, 1.5, 0, 2 * Math.PI);
    } else {
        context.moveTo(0, 4);
        context.lineTo(8, 4);
    }
    context.stroke();
    return context.createPattern(canvas, "repeat");
}

/** 200k, 1.5M: an amount of an axis, in the user's format. */
function short(value) {
    const decimals = value % 1000 ? 0 : 1;
    const text = formatFloat(value, {humanReadable: true, decimals});
    return text.replace(/[.,]0+(?=\D|$)/, "");
}

/**
 * Bars by month, or the same as a table whose rows are links.
 */
export class ImmexHomeChart extends Component {
    static template = "immex_reports.HomeChart";
    static props = {chart: Object, open: Function};

    setup() {
        this.canvas = useRef("canvas");
        this.state = useState({table: false});
        onWillStart(() => loadBundle("web.chartjs_lib"));
        useEffect(
            (element) => {
                if (!element) {
                    return;
                }
                const chart = new Chart(element, this.config());
                return () => chart.destroy();
            },
            () => [this.canvas.el, this.props.chart]
        );
    }

    toggle() {
        this.state.table = !this.state.table;
    }

    /** Labels of which a dataset has something. */
    get rows() {
        const {labels, datasets} = this.props.chart;
        return labels
            .map((label, index) => ({label, index}))
            .filter(({index}) => datasets.some((dataset) => dataset.values[index]));
    }

    config() {
        const scheme = cookie.get("color_scheme");
        const grid = getCustomColor(scheme, "#d8dadd", "#3C3E4B");
        const color = getCustomColor(scheme, "#111827", "#E4E4E4");
        const {labels, datasets, stacked} = this.props.chart;
        return {
            type: "bar",
            data: {
                labels,
                datasets: datasets.map((dataset, index) => ({
                    label: dataset.label,
                    data: dataset.values,
                    backgroundColor: fill(getColor(COLORS[index], scheme, "md"), index),
                })),
            },
            options: {
                maintainAspectRatio: false,
                animation: false,
                onClick: (_event, [bar]) =>
                    bar && this.props.open(datasets[bar.datasetIndex].actions[bar.index]),
                onHover: (event, bars) => {
                    event.native.target.style.cursor = bars.length ? "pointer" : "default";
                },
                plugins: {
                    legend: {
                        display: datasets.length > 1,
                        labels: {color, boxWidth: 20},
                    },
                    tooltip: {
                        callbacks: {
                            label: ({datasetIndex, dataIndex}) => {
                                const {label, texts} = datasets[datasetIndex];
                                return `${label}: ${texts[dataIndex]}`;
                            },
                        },
                    },
                },
                scales: {
                    x: {
                        stacked,
                        grid: {display: false},
                        ticks: {color, maxRotation: 90, autoSkip: true},
                    },
                    y: {
                        stacked,
                        beginAtZero: true,
                        grid: {color: grid},
                        ticks: {
                            color,
                            maxTicksLimit: 6,
                            callback: short,
                        },
                    },
                },
            },
        };
    }
}
