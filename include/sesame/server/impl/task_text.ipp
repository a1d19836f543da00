// What server/task_text.hpp declares.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/json/document.hpp"
#include "sesame/json/writer.hpp"
#include "sesame/linkage.hpp"
#include "sesame/meta/enums.hpp"
#include "sesame/protocol/content.hpp"
#include "sesame/protocol/revision.hpp"
#include "sesame/server/asking.hpp"
#include "sesame/server/options.hpp"
#include "sesame/server/task_table.hpp"
#include "sesame/server/task_text.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace sesame::inline v0::detail {

SESAME_INLINE std::string task_members(const background_task& task,
                                       const background_task::view& seen,
                                       const server_options& options,
                                       const protocol::revision& wire) {
  std::string text;
  json::writer out{text};
  const bool extension = wire.tasks == protocol::task_form::extension;
  out.raw(R"("taskId":)");
  out.string(task.id());
  out.raw(R"(,"status":")");
  out.raw(meta::enum_name(seen.status));
  out.raw('"');
  if (!seen.message.empty()) protocol::detail::member(out, "statusMessage", seen.message);
  out.raw(R"(,"createdAt":)");
  json::write(task.created(), out);
  out.raw(R"(,"lastUpdatedAt":)");
  json::write(seen.updated, out);
  out.raw(extension ? std::string_view{R"(,"ttlMs":)"} : std::string_view{R"(,"ttl":)"});
  out.number(task.ttl().count());
  out.raw(extension ? std::string_view{R"(,"pollIntervalMs":)"}
                    : std::string_view{R"(,"pollInterval":)"});
  out.number(options.task_poll_interval.count());
  return text;
}

SESAME_INLINE std::string task_details(const background_task& task,
                                       const background_task::view& seen,
                                       const server_options& options,
                                       const protocol::revision& wire) {
  auto text = task_members(task, seen, options, wire);
  json::writer out{text};
  if (seen.status == task_status::input_required) {
    out.raw(R"(,"inputRequests":)");
    std::vector<client_question> open;
    open.reserve(seen.questions.size());
    for (const auto& one : seen.questions) open.push_back(one->asked);
    write_input_requests(open, out);
  } else if (seen.status == task_status::completed || seen.status == task_status::failed) {
    out.raw(seen.outcome.is_error ? std::string_view{R"(,"error":)"}
                                  : std::string_view{R"(,"result":)"});
    out.raw(seen.outcome.text);
  }
  return text;
}

SESAME_INLINE task_outcome outcome_of(const std::string& reply) {
  json::document document{{.size = std::max(reply.size(), std::size_t{1024})}};
  const auto parsed = document.parse(reply);
  const auto message = parsed ? json::as_object(*parsed) : std::nullopt;
  const auto error = message ? json::find(*message, "error") : std::nullopt;
  if (error) return {json::minify(*error), true, true};
  const auto result = message ? json::find(*message, "result") : std::nullopt;
  if (!result) return {R"({"code":-32603,"message":"Internal error"})", true, true};
  const auto members = json::as_object(*result);
  const auto flag = members ? json::find(*members, "isError") : std::nullopt;
  bool failed = false;
  if (flag && !flag->get(failed)) failed = false;
  return {json::minify(*result), false, failed};
}

}  // namespace sesame::inline v0::detail
