# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Our WSDLs are plain enough for the generators of .NET and Java: the requirements of
WS-I Basic Profile 1.1 (R...) that a contract can break, and what svcutil, wsimport and
wsdl2java stumble over beyond them (G...). Each rule is seen to find its own breach."""

from pathlib import Path

import pytest
from lxml import etree

SERVICES = Path(__file__).resolve().parents[3] / "services"
CONTRACTS = (SERVICES / "broker/broker-1.wsdl", SERVICES / "notice/notice-1.wsdl")
NS = {
    "w": "http://schemas.xmlsoap.org/wsdl/",
    "s": "http://schemas.xmlsoap.org/wsdl/soap/",
    "x": "http://www.w3.org/2001/XMLSchema",
}
ENCODING = "http://schemas.xmlsoap.org/soap/encoding/"
HTTP = "http://schemas.xmlsoap.org/soap/http"
# what svcutil leaves to its old serializer, or what has no class of its own
UNCOMMON = (
    "any anyAttribute choice all group attributeGroup redefine union list substitution"
    " key keyref unique notation"
).split()
# have a type of their own on every platform
TYPES = "string boolean int long decimal date dateTime base64Binary".split()


# rule -> what it finds where it is broken: XPath on the WSDL ...
OF_WSDL = {
    "R2105": "//x:schema[not(@targetNamespace)]/*[not(self::x:import)]",
    "R2110": f"namespace::*[. = '{ENCODING}']",
    "R2204": "w:message/w:part[not(@element) or @type]",
    "R2210": "w:message[count(w:part) != 1]",
    "R2303": "w:portType/w:operation[not(w:input and w:output)"
    " or w:output/following-sibling::w:input]",
    "R2304": "w:portType/w:operation[@name = preceding-sibling::*/@name]",
    "R2401": "w:binding[not(s:binding)]",
    "R2701": "w:binding/s:binding[not(@transport)]",
    "R2702": f"w:binding/s:binding[@transport != '{HTTP}']",
    "R2705": "//s:*[self::s:binding or self::s:operation][not(@style = 'document')]",
    "R2706": "//s:*[self::s:body or self::s:fault][not(@use = 'literal')]",
    "R2716": "//s:*[self::s:body or self::s:fault][@namespace or @encodingStyle]",
    "R2754": "//s:fault[not(@name = ../@name)]",
    "G1": "self::*[not(@targetNamespace)]",
    "G2": "//s:operation[not(string(@soapAction))"
    " or @soapAction = ../preceding-sibling::*/s:operation/@soapAction]",
    "G3": "w:import | //x:include",
    "G4": "//w:port[count(s:address) != 1]",
}
# ... and on each of its schemas
OF_SCHEMA = {
    "G5": "self::*[not(@elementFormDefault = 'qualified')]",
    "G6": " | ".join(f"//x:{name}" for name in UNCOMMON),
    "G7": "//x:attribute | //@nillable | //@mixed | //x:sequence[@maxOccurs]",
    "G8": "//@maxOccurs[. != '1' and . != 'unbounded']",
}


def find(node, path):
    return node.xpath(path, namespaces=NS)


def resolved(node, name):
    """(namespace, local name) of a QName in the scope of ``node``."""
    prefix, _, local = name.rpartition(":")
    return node.nsmap.get(prefix or None), local


def schemas(root, folder):
    """Schemas with content: inline, and those that the inline ones import."""
    for schema in find(root, "w:types/x:schema"):
        if schema.get("targetNamespace"):
            yield schema
        for place in find(schema, "x:import/@schemaLocation"):
            if (folder / place).is_file():
                yield etree.parse(str(folder / place)).getroot()


def breaches(root, folder):
    """The rules that a WSDL breaks, as a set."""
    types = list(schemas(root, folder))
    found = {rule for rule, path in OF_WSDL.items() if find(root, path)}
    found |= {
        rule
        for rule, path in OF_SCHEMA.items()
        if any(find(schema, path) for schema in types)
    }
    checks = {
        "R2007": _imports_resolve(root, folder),
        "R2710": not _repeated(_signatures(root)),
        "R2718": _alike(root, lambda operation: operation.get("name")),
        "R2740": _alike(root, lambda operation: set(find(operation, "w:fault/@name"))),
        "R2801": _valid(types),
        "G9": all(name in TYPES for schema in types for name in _builtin(schema)),
        "G10": _wrapped(root, types),
    }
    return found | {rule for rule, kept in checks.items() if not kept}


def _repeated(names):
    return len(names) != len(set(names))


def _imports_resolve(root, folder):
    """Imports name a relative file that is there, of the namespace that they say."""
    for imported in find(root, "//x:import"):
        place = folder / imported.get("schemaLocation", "")
        if "/" in imported.get("schemaLocation", "/") or not place.is_file():
            return False
        target = etree.parse(str(place)).getroot().get("targetNamespace")
        if target != imported.get("namespace"):
            return False
    return True


def _inputs(root):
    """(operation, element of its input) of each that has one."""
    parts = {
        node.get("name"): find(node, "w:part/@element")
        for node in find(root, "w:message")
    }
    for operation in find(root, "w:portType/w:operation"):
        for told in find(operation, "w:input"):
            yield parts.get(resolved(told, told.get("message"))[1])


def _signatures(root):
    return [str(elements) for elements in _inputs(root)]


def _alike(root, told):
    """Whether bindings tell of their operations what their portTypes tell."""
    port_types = {node.get("name"): node for node in find(root, "w:portType")}
    return all(
        [told(operation) for operation in find(binding, "w:operation")]
        == [
            told(operation)
            for operation in find(
                port_types[resolved(binding, binding.get("type"))[1]], "w:operation"
            )
        ]
        for binding in find(root, "w:binding")
    )


def _valid(types):
    try:
        for schema in types:
            etree.XMLSchema(etree.fromstring(etree.tostring(schema)))
    except etree.XMLSchemaParseError:
        return False
    return bool(types)


def _builtin(schema):
    for node in find(schema, "//*[@type or @base]"):
        namespace, name = resolved(node, node.get("type") or node.get("base"))
        if namespace == NS["x"]:
            yield name


def _wrapped(root, types):
    """The wrapped style: a part "parameters", whose element bears the operation's name,
    the answer's with Response, each a sequence of elements in a type without a name."""
    elements = {
        (schema.get("targetNamespace"), node.get("name")): node
        for schema in types
        for node in find(schema, "x:element")
    }
    messages = {node.get("name"): node for node in find(root, "w:message")}
    return all(
        part.get("name") == "parameters"
        and part.get("element", "").endswith(f":{operation.get('name')}{suffix}")
        and (element := elements.get(resolved(part, part.get("element")))) is not None
        and find(element, "x:complexType/x:sequence")
        for operation in find(root, "w:portType/w:operation")
        for path, suffix in (("w:input", ""), ("w:output", "Response"))
        for told in find(operation, path)
        for part in find(messages[resolved(told, told.get("message"))[1]], "w:part")
    )


@pytest.mark.parametrize("path", CONTRACTS, ids=lambda path: path.stem)
def test_plain(path):
    assert breaches(etree.parse(str(path)).getroot(), path.parent) == set()


BODY = '<soap:body use="literal"/>'
FAULT = '<soap:fault name="problem" use="literal"/>'
PART = '<wsdl:part name="parameters" element="tns:getState"/>'
ADDRESS = '<soap:address location="http://localhost:8069/immex/broker/v1"/>'
STRING = '<xs:element name="severity" type="xs:string"'
SCHEMA = '<xs:schema targetNamespace="urn:immex-compliance:broker:1" '
MISSING = (
    '<xs:schema><xs:import namespace="urn:x" schemaLocation="none.xsd"/></xs:schema>'
)
BREAKS = [
    ("R2007", "<wsdl:types>", f"<wsdl:types>{MISSING}"),
    ("R2105", SCHEMA, "<xs:schema "),
    ("R2110", "<wsdl:definitions ", f'<wsdl:definitions xmlns:soapenc="{ENCODING}" '),
    ("R2204", 'element="tns:getState"', 'type="tns:Delivery"'),
    ("R2210", PART, f'{PART}<wsdl:part name="more" element="tns:problem"/>'),
    ("R2303", '<wsdl:output message="tns:getStateResponse"/>', ""),
    ("R2304", 'operation name="deliverDocument"', 'operation name="getState"'),
    ("R2401", f'<soap:binding style="document" transport="{HTTP}"/>', ""),
    ("R2701", f'transport="{HTTP}"', ""),
    (
        "R2702",
        f'transport="{HTTP}"',
        'transport="http://schemas.xmlsoap.org/soap/smtp"',
    ),
    ("R2705", '<soap:binding style="document"', '<soap:binding style="rpc"'),
    ("R2706", BODY, '<soap:body use="encoded"/>'),
    ("R2710", 'element="tns:deliverDocument"', 'element="tns:getState"'),
    ("R2716", BODY, '<soap:body use="literal" namespace="urn:x"/>'),
    (
        "R2718",
        '<wsdl:operation name="getState">\n      <soap',
        '<wsdl:operation name="x">\n      <soap',
    ),
    ("R2740", f'<wsdl:fault name="problem">{FAULT}</wsdl:fault>', ""),
    ("R2754", FAULT, '<soap:fault name="other" use="literal"/>'),
    ("R2801", 'type="tns:State"', 'type="tns:Nowhere"'),
    ("G1", 'targetNamespace="urn:immex-compliance:broker:1"\n', ""),
    ("G2", 'soapAction="urn:immex-compliance:broker:1/getState"', 'soapAction=""'),
    ("G3", "<wsdl:types>", '<wsdl:import namespace="urn:x" location="x"/><wsdl:types>'),
    ("G4", ADDRESS, ""),
    ("G5", 'elementFormDefault="qualified"', ""),
    ("G6", f"{STRING}/>", "<xs:any/>"),
    ("G7", STRING, f'{STRING} nillable="true"'),
    ("G8", STRING, f'{STRING} maxOccurs="2"'),
    ("G9", f"{STRING}/>", '<xs:element name="severity" type="xs:anyType"/>'),
    ("G10", PART, '<wsdl:part name="body" element="tns:getState"/>'),
]


def test_each_rule_has_its_breach():
    assert {*OF_WSDL, *OF_SCHEMA} <= {row[0] for row in BREAKS}


@pytest.mark.parametrize(("rule", "old", "new"), BREAKS, ids=[row[0] for row in BREAKS])
def test_each_rule_finds_its_breach(rule, old, new):
    path = CONTRACTS[0]
    text = path.read_text()
    assert old in text
    root = etree.fromstring(text.replace(old, new).encode())
    assert rule in breaches(root, path.parent)
