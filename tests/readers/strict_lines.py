"""A strict reader of calendar lines (RFC 5545), sharing no code with what writes them."""

import re

NAME = re.compile(r"[A-Z][A-Z0-9-]*")
PARAMETER = re.compile(r';[A-Z-]+=(?:"[^"\x00-\x1f]*"|[^";:,\x00-\x1f]*)')
TEXTS = {"SUMMARY", "DESCRIPTION", "LOCATION", "UID", "X-WR-CALNAME", "NAME"}
CALENDAR_NEEDS = {"VERSION", "PRODID", "METHOD", "X-WR-CALNAME", "REFRESH-INTERVAL", "X-PUBLISHED-TTL"}
EVENT_NEEDS = {"UID", "DTSTAMP", "DTSTART", "SEQUENCE", "STATUS", "LAST-MODIFIED"}
FORMS = {
    "DTSTAMP": r"\d{8}T\d{6}Z",
    "LAST-MODIFIED": r"\d{8}T\d{6}Z",
    "SEQUENCE": r"\d+",
    "STATUS": r"CONFIRMED|TENTATIVE|CANCELLED",
    "TRIGGER": r"-?P(\d+W|\d+D(T.+)?|T.+)",
    "GEO": r"-?\d+\.\d+;-?\d+\.\d+",
    "URL": r"[!-~]+",
}
PEOPLE = {"ATTENDEE", "ORGANIZER", "CONTACT"}


def violations(content: bytes) -> list[str]:
    """Give every way in which the octets are not a calendar we promise, in words."""
    if not content.endswith(b"END:VCALENDAR\r\n"):
        return ["does not end with END:VCALENDAR and CR LF"]
    physical = content.removesuffix(b"\r\n").split(b"\r\n")
    found = [f"line break alone in {line!r}" for line in physical if b"\n" in line or b"\r" in line]
    for line in physical:
        if len(line) > 75:
            found.append(f"{len(line)} octets: {line!r}")
        try:
            line.decode()
        except UnicodeDecodeError:
            found.append(f"a character is broken in {line!r}")
    if found:
        return found
    logical = b"\r\n".join(physical).replace(b"\r\n ", b"").decode().split("\r\n")
    return _shape(logical)


def _shape(lines: list[str]) -> list[str]:
    found: list[str] = []
    open_parts: list[tuple[str, list[str]]] = []
    zones = 0
    for line in lines:
        name, value, problem = _parted(line)
        if problem:
            found.append(problem)
        elif name == "BEGIN":
            if open_parts and open_parts[-1][0] == "VEVENT" and value != "VALARM":
                found.append(f"{value} inside VEVENT")
            open_parts.append((value, []))
            zones += value == "VTIMEZONE"
        elif name == "END":
            part, names = open_parts.pop()
            found += _complete(part, names, value)
            if open_parts:
                open_parts[-1][1].append(f"/{part}")
        else:
            found += _valued(name, value)
            if open_parts[-1][1] and open_parts[-1][1][-1] == "/VALARM":
                found.append(f"{name} after a reminder")
            open_parts[-1][1].append(name)
    if open_parts:
        found.append(f"left open: {[part for part, _ in open_parts]}")
    if zones != 1:
        found.append(f"{zones} time zones")
    return found


def _parted(line: str) -> tuple[str, str, str]:
    name = NAME.match(line)
    if name is None:
        return "", "", f"no property name: {line!r}"
    at = name.end()
    while parameter := PARAMETER.match(line, at):
        at = parameter.end()
    if line[at : at + 1] != ":":
        return "", "", f"no value: {line!r}"
    return name.group(), line[at + 1 :], ""


def _valued(name: str, value: str) -> list[str]:
    found = []
    if re.search(r"[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029]", value):
        found.append(f"control character in {name}")
    if name in TEXTS and re.sub(r"\\[\\;,n]", "", value) != re.sub(r"[\\;,]", "", re.sub(r"\\[\\;,n]", "", value)):
        found.append(f"{name} is not escaped: {value!r}")
    if name in FORMS and not re.fullmatch(FORMS[name], value):
        found.append(f"{name} is {value!r}")
    if name in PEOPLE:
        found.append(f"a person is named in {name}")
    return found


def _complete(part: str, names: list[str], end: str) -> list[str]:
    found = [] if part == end else [f"END:{end} closes {part}"]
    needs = {"VCALENDAR": CALENDAR_NEEDS, "VEVENT": EVENT_NEEDS}.get(part, set())
    found += [f"{part} without {name}" for name in sorted(needs - set(names))]
    once = [name for name in names if not name.startswith("/")]
    found += [f"{name} twice in {part}" for name in sorted({n for n in once if once.count(n) > 1})]
    return found
