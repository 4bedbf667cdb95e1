// Reads a calendar from standard input with ical.js and prints what it understood as JSON.
import { readFileSync } from "node:fs";
import ICAL from "ical.js";

const calendar = new ICAL.Component(ICAL.parse(readFileSync(0, "utf8")));
for (const zone of calendar.getAllSubcomponents("vtimezone")) {
  ICAL.TimezoneService.register(zone);
}

const value = (component, name) => {
  const found = component.getFirstPropertyValue(name);
  return found === null ? null : found.toString();
};

const instant = (component, name) => {
  const found = component.getFirstPropertyValue(name);
  return found === null ? null : found.toJSDate().toISOString();
};

const entries = calendar.getAllSubcomponents("vevent").map((event) => ({
  uid: value(event, "uid"),
  sequence: event.getFirstPropertyValue("sequence"),
  status: value(event, "status"),
  stamp: instant(event, "dtstamp"),
  starts_at: instant(event, "dtstart"),
  ends_at: instant(event, "dtend"),
  zone: event.getFirstProperty("dtstart").getParameter("tzid"),
  summary: value(event, "summary") ?? "",
  location: value(event, "location") ?? "",
  description: value(event, "description") ?? "",
  url: value(event, "url") ?? "",
  properties: event.getAllProperties().map((property) => property.name).sort(),
  alarms: event.getAllSubcomponents("valarm").map((alarm) => value(alarm, "trigger")),
}));

process.stdout.write(JSON.stringify({ name: value(calendar, "x-wr-calname"), method: value(calendar, "method"), entries }));
