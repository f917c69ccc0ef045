# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Who: an invented wire-harness maquiladora, its plants and its partners."""

COMPANY = {
    "name": "Arneses del Bravo, S.A. de C.V.",
    "vat": "ABR190312KQ4",
    "street": "Av. Parque Industrial 1450",
    "city": "Apodaca",
    "zip": "66600",
    "state": "NLE",
    "country": "MX",
    "tz": "America/Monterrey",
}
PROGRAM = "2417-2019"
CERTIFICATION = "CI-A-0931"
BROKER_CURP = "GOMC700101HNLNRR09"

# key: name, tax number, country, state, city, zip, street, what it is to us
PARTNERS = {
    "principal": (
        "Rio Grande Harness Systems Inc.",
        "74-3120985",
        "US",
        "TX",
        "Laredo",
        "78045",
        "Mines Road 8800",
    ),
    "german": (
        "Kontaktwerk Franken GmbH",
        "DE811907765",
        "DE",
        None,
        "Nürnberg",
        "90431",
        "Sigmundstraße 120",
    ),
    "chinese": (
        "Ningbo Hailin Auto Parts Co., Ltd.",
        "91330212MA2AJ7XK0P",
        "CN",
        None,
        "Ningbo",
        "315100",
        "Yinxian Avenue 556",
    ),
    "distributor": (
        "Border Packaging & Conduit LLC",
        "74-2209117",
        "US",
        "TX",
        "Laredo",
        "78045",
        "Killam Industrial Blvd 417",
    ),
    "maker": (
        "Tokai Crimp Machinery Co., Ltd.",
        "JP5180001088421",
        "JP",
        None,
        "Nagoya",
        "450-0002",
        "Meieki 3-12",
    ),
    "relay": (
        "Relevadores del Noreste, S.A. de C.V.",
        "RDN110520HT6",
        "MX",
        "NLE",
        "Guadalupe",
        "67190",
        "Carretera a Miguel Alemán km 18",
    ),
    "conduit_mx": (
        "Plásticos y Labels de Guadalupe, S.A. de C.V.",
        "PLG050411RA3",
        "MX",
        "NLE",
        "Guadalupe",
        "67110",
        "Eloy Cavazos 2200",
    ),
    "subcontractor": (
        "Ensambles Delicados del Norte, S.A. de C.V.",
        "EDN080915LM4",
        "MX",
        "COA",
        "Ramos Arizpe",
        "25900",
        "Blvd. Santa María 85",
    ),
    "tier1": (
        "Módulos y Tableros Regios, S.A. de C.V.",
        "MTR140227CU7",
        "MX",
        "NLE",
        "Pesquería",
        "66650",
        "Av. Corea 300",
    ),
    "dealer": (
        "Servicio Mecánico de Camiones, S.A. de C.V.",
        "SMC160803PV2",
        "MX",
        "NLE",
        "Monterrey",
        "64000",
        "Av. Madero 1820",
    ),
    "recycler": (
        "Reciclados y Cobres de Monterrey, S.A. de C.V.",
        "RCM171009TAA",
        "MX",
        "NLE",
        "Santa Catarina",
        "66350",
        "Díaz Ordaz 901",
    ),
}
# Programmes of the companies with which goods are transferred virtually.
IMMEX_OF = {"relay": "1188-2012", "tier1": "3052-2015"}

SITES = {
    "P1": ("Planta 1 Apodaca", "Av. Parque Industrial 1450", "Apodaca", "66600"),
    "P2": ("Planta 2 Santa Catarina", "Calle Acueducto 210", "Santa Catarina", "66367"),
}

USERS = {
    "manager": ("Gerente de Comercio Exterior", "comercio.exterior", "Arneses-2026"),
    "authority": ("Autoridad (SAT-AGACE)", "autoridad", "Consulta-2026"),
}

# Our codes of parts that suppliers call otherwise: supplier -> {ours: theirs}.
SUPPLIER_CODES = {
    "german": {
        "C-0201": "KF-2W-F-SEAL",
        "C-0202": "KF-4W-F-SEAL",
        "C-0203": "KF-8W-M-SEAL",
    },
    "chinese": {"A-0601": "HL-PVC19B"},
}
# What a person settles in the waiting list: the supplier's code -> ours.
UNKNOWN_CODES = {"CT-200-BK": "G-1002"}
