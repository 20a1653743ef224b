// Times in words. Pages hold absolute times; what depends on the clock is said here.

import { all } from "./dom";

const units: [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 31_557_600],
  ["month", 2_629_800],
  ["week", 604_800],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];
const words = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
const weekday = new Intl.DateTimeFormat("en-GB", { weekday: "short" });
const date = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" });
const minutes = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const full = new Intl.DateTimeFormat("en-GB", { dateStyle: "full", timeStyle: "short" });
const fullDay = new Intl.DateTimeFormat("en-GB", { dateStyle: "full", timeZone: "UTC" });

// ago says how far a moment is from now: "3 weeks ago", "in 2 hours".
export function ago(then: number, now: number): string {
  const seconds = Math.round((then - now) / 1000);
  for (const [unit, length] of units) {
    if (Math.abs(seconds) >= length) return words.format(Math.trunc(seconds / length), unit);
  }
  return "just now";
}

// dayAgo does the same for a day without a time, by calendar days.
export function dayAgo(day: string, now: number): string {
  const today = new Date(now);
  const days = Math.round((Date.parse(day) - Date.UTC(today.getFullYear(), today.getMonth(), today.getDate())) / 86_400_000);
  if (Math.abs(days) < 7) return words.format(days, "day");
  return ago(now + days * 86_400_000, now);
}

// clock says when something is, in the reader's zone: "09:00", "Tue 09:00", "24 Nov 09:00".
export function clock(then: number, now: number): string {
  const moment = new Date(then);
  const time = minutes.format(moment);
  if (moment.toDateString() === new Date(now).toDateString()) return time;
  return `${Math.abs(then - now) < 6 * 86_400_000 ? weekday.format(moment) : date.format(moment)} ${time}`;
}

// absolute says the same with nothing left to guess.
export function absolute(then: number): string {
  return full.format(new Date(then));
}

// relate rewrites every time that the page marks, and says the exact one in its title.
export function relate(now: number): void {
  for (const time of all<HTMLTimeElement>("time[data-ago]")) {
    const isDay = time.dateTime.length === 10;
    const then = Date.parse(time.dateTime);
    if (Number.isNaN(then)) continue;
    time.textContent = isDay ? dayAgo(time.dateTime, now) : ago(then, now);
    time.title = isDay ? fullDay.format(then) : absolute(then);
  }
}
