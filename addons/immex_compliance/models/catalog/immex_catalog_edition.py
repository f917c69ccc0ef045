# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models


class ImmexCatalogEdition(models.AbstractModel):
    """What a new edition of the shipped files may do to an official catalogue.

    Documents refer to entries by id, so an upgrade of the module:

    * adds an entry, or adopts the one that an update file or a person entered before
      under the same natural key;
    * corrects the official text;
    * never reopens an entry that was closed, never undoes a mapping to an Odoo record
      that is set, never deletes an entry that the new edition lacks.
    """

    _name = "immex.catalog.edition"
    _description = "Catalogue kept by editions"

    # fields that name an entry in an edition
    _natural_key = ("code", "valid_from")

    @api.model
    def _load_records(self, data_list, update=False):
        if self.with_context(active_test=False).search_count([], limit=1):
            entries = self._named_entries(data_list)
            self._adopt_entries(data_list, entries)
            for data in data_list:
                if record := entries.get(data.get("xml_id")):
                    self._keep_decisions(record, data["values"])
        return super()._load_records(data_list, update)

    def _load_records_write(self, values):
        # an empty write would still stamp the entry
        return super()._load_records_write(values) if values else None

    @api.model
    def _named_entries(self, data_list):
        """Return ``{xml_id: entry}`` of the identifiers that exist already."""
        rows = (
            self.env["ir.model.data"]
            .sudo()
            ._lookup_xmlids(
                [data["xml_id"] for data in data_list if data.get("xml_id")], self
            )
        )
        found = {
            f"{module}.{name}": res_id
            for _id, module, name, model, res_id, _noupdate, exists in rows
            if exists and model == self._name
        }
        records = self.browse(found.values())
        return dict(zip(found, records, strict=True))

    @api.model
    def _adopt_entries(self, data_list, entries):
        """Give the identifier of the edition to entries that exist without it, and add
        them to ``entries``."""
        missing = [
            data
            for data in data_list
            if data.get("xml_id") and data["xml_id"] not in entries
        ]
        if not missing:
            return
        first = self._natural_key[0]
        named = {data["values"].get(first) for data in missing}
        known = {}
        for entry in self.with_context(active_test=False).search(
            [(first, "in", list(named))]
        ):
            known[tuple(entry[name] or False for name in self._natural_key)] = entry
        adopted = []
        for data in missing:
            values = self._as_read(data["values"])
            key = tuple(values.get(name) or False for name in self._natural_key)
            if entry := known.get(key):
                entries[data["xml_id"]] = entry
                adopted.append({"xml_id": data["xml_id"], "record": entry})
        self.env["ir.model.data"].sudo()._update_xmlids(adopted)

    @api.model
    def _as_read(self, values):
        """Values as the cache would return them (dates from text)."""
        return {
            name: self._fields[name].convert_to_cache(value, self, validate=False)
            for name, value in values.items()
            if name in self._natural_key
        }

    @api.model
    def _keep_decisions(self, record, values):
        """Take out of ``values`` what the edition must not undo, and what is so
        already: an upgrade writes only what changed."""
        for name in list(values):
            field = self._fields[name]
            value = field.convert_to_cache(values[name], record, validate=False)
            reopens = name == "valid_to" and not value
            mapped = (
                field.type == "many2one"
                and record[name]
                and (not field.comodel_name.startswith("immex."))
            )
            stored = field.convert_to_cache(record[name], record, validate=False)
            if reopens or mapped or (value or None) == (stored or None):
                del values[name]
