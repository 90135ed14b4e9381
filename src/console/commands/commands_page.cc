#include <fmt/format.h>

#include <optional>
#include <string>

#include "console/commands/command_rows.h"

namespace delstep {
namespace {

constexpr std::uint64_t kLastPort = 65'535;

Result<Reply> ServePage(CommandContext& context) {
  if (!context.page)
    return Refused("nobody here can serve a page", "`delstep --page` begins a session with one");
  PageRequest request{.off = context.arguments.Has("off"), .port = {}};
  if (context.arguments.Has("PORT")) {
    const std::uint64_t port = *context.arguments.Get<std::uint64_t>("PORT");
    if (port > kLastPort)
      return At(context.arguments.WordOf("PORT"),
                UsageError("a port is a number up to 65535", "0 takes any that is free"));
    request.port = static_cast<int>(port);
  }
  DELSTEP_ASSIGN(const std::optional<PagePlace> place, context.page(request));
  Reply reply;
  reply.fields = {{"served", place.has_value()}};
  if (!place) {
    reply.text.emplace_back("the page is not served any more");
    return reply;
  }
  reply.text.push_back(
      fmt::format("the page is served on port {} of {}", place->port, place->address));
  reply.fields.insert(reply.fields.end(), {{"address", place->address}, {"port", place->port}});
  return reply;
}

// What it answers reaches all pages, those that only look too: no address is in it.
constexpr Command kPage[] = {
    {.scope = CommandScope::kInterface,
     .usage = "page [PORT|off]",
     .form = "page [off|PORT]",
     .sentence = "a web page of this session, for a browser on this machine: says its addresses",
     .example = "page 8642",
     .more =
         "Two addresses are said: with the first one everything can be done, with the second one "
         "only looked on. Who has neither gets nothing.\n"
         "Without a port it is 8642; 0 takes any that is free. Alone, the command says the "
         "addresses of a page that is served already. `page off` ends it.\n"
         "`delstep --page` does it from the start, `--page-bind ADDRESS` lets others in the "
         "network see it.",
     .shows = true,
     .always = true,
     .run = ServePage},
};

}  // namespace

std::span<const Command> PageCommands() { return kPage; }

}  // namespace delstep
