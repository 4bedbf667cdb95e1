"""Lists of people as files: applications, attendees and helpers under the documented headers or anybody else's."""
