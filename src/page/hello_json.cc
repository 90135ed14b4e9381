#include "page/hello_json.h"

#include <fmt/format.h>

#include "base/json.h"
#include "console/commands/command_table.h"
#include "console/commands/metric_table.h"

namespace delstep {
namespace {

std::string StringsJson(const std::vector<std::string>& texts) {
  std::string json = "[";
  for (const std::string& text : texts) json += (json.size() > 1 ? "," : "") + JsonString(text);
  return json + ']';
}

/// The rows of the command table, for help and buttons of a page.
std::string CommandsJson() {
  std::string json = "[";
  for (const Command& command : Commands())
    json += fmt::format(R"({}{{"scope":{},"usage":{},"sentence":{},"example":{},"more":{}}})",
                        json.size() > 1 ? "," : "", JsonString(Name(command.scope)),
                        JsonString(command.usage), JsonString(command.sentence),
                        JsonString(command.example), JsonString(command.more));
  return json + ']';
}

std::string NodesOfHello(const NodeNamesBook& book) {
  std::string json = "[";
  for (std::size_t i = 0; i < book.addresses.size(); ++i)
    json += fmt::format(R"({}{{"node":"{}","name":{}}})", i == 0 ? "" : ",", book.addresses[i],
                        JsonString(book.names[i]));
  return json + ']';
}

}  // namespace

std::string HelloJson(const HelloFacts& facts, const HelloNow& now) {
  return fmt::format(
      R"({{"v":2,"version":{},"scenario":{},"words":{},"rights":"{}","recorded":false,"share":{},"data":{},)"
      R"("classes":{},"parameters":{},"backend":{},"goes_back":{},"area":{},"nodes":{},)"
      R"("commands":{},"metrics":{},"oldest_event":{},"next_event":{}}})",
      JsonString(facts.version), JsonString(facts.scenario), StringsJson(facts.words),
      Name(now.rights), now.share.empty() ? "null" : JsonString(now.share), JsonString(facts.data),
      StringsJson(facts.classes), facts.parameters, JsonString(facts.backend), facts.goes_back,
      facts.area
          ? fmt::format("[{},{}]", JsonNumber(facts.area->width), JsonNumber(facts.area->height))
          : "null",
      NodesOfHello(now.nodes), CommandsJson(), StringsJson(MetricNames()), now.oldest_event,
      now.next_event);
}

}  // namespace delstep
