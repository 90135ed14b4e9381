#include "console/session/json.h"

#include <fmt/format.h>

#include <utility>

#include "base/json.h"
#include "base/text.h"
#include "console/language/diagnostics.h"

namespace delstep {
namespace {

template <class... Fs>
struct JsonCase : Fs... {
  using Fs::operator()...;
};
template <class... Fs>
JsonCase(Fs...) -> JsonCase<Fs...>;

template <class Items, class Text>
std::string ListOf(const Items& items, Text&& text) {
  std::string json = "[";
  for (const auto& item : items) json += (json.size() > 1 ? "," : "") + JsonString(text(item));
  return json + ']';
}

std::string ValueOf(const Cell& cell) {
  return std::visit(
      JsonCase{[](std::monostate) { return std::string("null"); },
               [](double value) { return JsonNumber(value); },
               [](const std::string& value) { return JsonString(value); },
               [](const std::vector<std::string>& value) { return ListOf(value, std::identity()); },
               [](const NodeLabel& value) { return JsonString(value.address); },
               [](const std::vector<NodeLabel>& value) {
                 return ListOf(value, [](const NodeLabel& node) { return node.address; });
               },
               [](Duration value) { return std::to_string(value.count()); },
               [](const JsonValue& value) { return value.json; },
               [](auto value) { return fmt::format("{}", value); }},
      cell);
}

void Separate(std::string& json) {
  if (!json.empty() && json.back() != '{' && json.back() != '[') json += ',';
}

/// "key":value, and for a member `node` its name too.
void AppendMember(std::string_view key, const Cell& cell, std::string& json) {
  Separate(json);
  json += JsonString(key) + ':' + ValueOf(cell);
  if (const auto* node = std::get_if<NodeLabel>(&cell); node != nullptr && key == "node")
    json += ",\"name\":" + JsonString(node->name);
}

void AppendRows(const Table& table, std::string& json) {
  Separate(json);
  json += JsonString(table.key) + ":[";
  for (const auto& row : table.rows) {
    Separate(json);
    json += '{';
    for (std::size_t c = 0; c < table.columns.size(); ++c)
      if (!table.columns[c].key.empty()) AppendMember(table.columns[c].key, row[c], json);
    json += '}';
  }
  json += ']';
}

std::string ObjectOf(const Reply& reply, const std::optional<Reply>& network) {
  std::string json = "{";
  for (const auto& [key, value] : reply.fields) AppendMember(key, value, json);
  for (const Table& table : reply.tables)
    if (!table.key.empty()) AppendRows(table, json);
  if (network) {
    Separate(json);
    json += "\"nstep\":" + ObjectOf(*network, std::nullopt);
  }
  return json + '}';
}

std::string TimeMembersOf(SimTime time, std::uint64_t cycle) {
  return fmt::format(R"("t":{},"cycle":{})", time.time_since_epoch().count(), cycle);
}

}  // namespace

JsonStream::Turn::Turn(const JsonStream& stream) : stream_(stream) {
  std::unique_lock lock(stream_.mutex_);
  const std::uint64_t mine = stream_.asked_++;
  stream_.next_turn_.wait(lock, [&] { return stream_.given_ == mine; });
}

JsonStream::Turn::~Turn() {
  const std::lock_guard lock(stream_.mutex_);
  ++stream_.given_;
  stream_.next_turn_.notify_all();
}

void JsonStream::Put(std::string_view id, std::string_view members, bool done) {
  const Turn turn(*this);
  ++answers_;
  if (done && id == progress_id_) progress_id_.clear();
  if (done && done_) done_(id);
  Write(id, members, done);
}

void JsonStream::SetDone(std::function<void(std::string_view)> done) {
  const Turn turn(*this);
  done_ = std::move(done);
}

void JsonStream::OpenProgress(std::string id) {
  const Turn turn(*this);
  progress_id_ = std::move(id);
}

void JsonStream::PutProgress(std::string_view id, std::string_view progress) {
  const Turn turn(*this);
  if (id == progress_id_) Write(id, fmt::format("\"progress\":{}", progress), false);
}

std::uint64_t JsonStream::answers() const {
  const Turn turn(*this);
  return answers_;
}

void JsonStream::Write(std::string_view id, std::string_view members, bool done) {
  print_(fmt::format("{{\"v\":{},\"n\":{}{}{},{}{}}}\n", kJsonVersion, ++number_,
                     id.empty() ? "" : ",\"id\":", id, members, done ? ",\"done\":true" : ""));
}

void JsonStream::SetTime(SimTime time, std::uint64_t cycle) {
  const Turn turn(*this);
  time_ = time;
  cycle_ = cycle;
}

std::string JsonStream::TimeMembers() const {
  const Turn turn(*this);
  return TimeMembersOf(time_, cycle_);
}

std::string RenderJson(const CommandResult& answer) {
  // A `run` that was stopped has come somewhere, and that is its result.
  const bool stopped = answer.error && (answer.error->code == ErrorCode::kInterrupted ||
                                        answer.error->code == ErrorCode::kTerminated);
  const bool came = stopped && !answer.measured.fields.empty();
  const std::string result = came           ? ObjectOf(answer.measured, std::nullopt)
                             : answer.error ? "null"
                                            : ObjectOf(answer.reply, answer.network);
  std::string json = fmt::format(R"("cmd":{},"ok":{},{},"result":{})", JsonString(answer.command),
                                 !answer.error, TimeMembersOf(answer.time, answer.cycle), result);
  if (answer.error)
    json += ",\"error\":" +
            RenderJson(*answer.error, answer.loaded_from, came ? Reply{} : answer.measured);
  if (!answer.breaks.tables.empty()) {
    const std::string members = ObjectOf(answer.breaks, std::nullopt);
    json += ',' + members.substr(1, members.size() - 2);
  }
  if (answer.parts) json += fmt::format(",\"parts\":{}", *answer.parts);
  if (answer.error && answer.fatal) json += ",\"fatal\":true";
  return json;
}

std::string RenderJson(const Error& error, const std::vector<std::string>& loaded_from,
                       const Reply& measured) {
  std::string json =
      fmt::format(R"({{"code":{},"message":{},"where":{},"hint":{})", static_cast<int>(error.code),
                  JsonString(error.message), JsonString(error.where), JsonString(error.hint));
  if (const auto place = ParsePlace(error.where))
    json += fmt::format(R"(,"file":{},"line":{},"column":{})", JsonString(place->file), place->line,
                        place->column);
  if (!loaded_from.empty()) json += ",\"loaded_from\":" + ListOf(loaded_from, std::identity());
  if (const std::string members = ObjectOf(measured, std::nullopt); members.size() > 2)
    return json + ',' + members.substr(1);
  return json + '}';
}

std::string ErrorMembers(const Error& error, std::string_view time_members, bool fatal,
                         std::string_view command, const std::vector<std::string>& loaded_from) {
  return fmt::format(R"("cmd":{},"ok":false,{},"result":null,"error":{}{})", JsonString(command),
                     time_members, RenderJson(error, loaded_from), fatal ? ",\"fatal\":true" : "");
}

std::string ResultMembers(std::string_view command, bool ok, const Reply& result) {
  return fmt::format(R"("cmd":{},"ok":{},{},"result":{})", JsonString(command), ok,
                     TimeMembersOf({}, 0), ObjectOf(result, std::nullopt));
}

}  // namespace delstep
