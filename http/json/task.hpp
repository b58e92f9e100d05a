// Tasks, agenda events and units as clients see them.
#pragma once

#include <span>
#include <string>

#include "domain/ports/reads.hpp"
#include "http/json/writer.hpp"

namespace mutirao::http::json {

std::string render_task(const task_row& of);
/// `{tasks:[...], nextCursor}`.
std::string render_task_page(const list_tasks::answer& of);
/// `{tasks:[...], total}`.
std::string render_all_tasks(std::span<const task_row> list);

/// `{events:[...]}`.
std::string render_events(std::span<const agenda_row> list);
/// `{events:[...], nextCursor}`.
std::string render_event_page(const list_agenda::answer& of);

/// `{unidades:[{id, nome}]}`.
std::string render_units(std::span<const named_unit> list);

}  // namespace mutirao::http::json
