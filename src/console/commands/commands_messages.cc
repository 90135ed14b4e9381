#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <ranges>
#include <string>
#include <utility>
#include <vector>

#include "base/text.h"
#include "console/commands/command_rows.h"
#include "console/commands/reply_parts.h"

namespace delstep {
namespace {

std::uint64_t Number(MessageId id) { return static_cast<std::uint64_t>(id); }

/// Those that were named, each once, in their order.
std::vector<MessageId> NamedMessages(const CommandArguments& arguments) {
  std::vector<MessageId> ids;
  for (const Argument& argument : arguments.list()) {
    if (argument.name != "ID") continue;
    const MessageId id{std::get<std::uint64_t>(argument.value)};
    if (std::ranges::find(ids, id) == ids.end()) ids.push_back(id);
  }
  return ids;
}

/// "message 3 from ann to ben", "3 messages: 3, 4, 9"; of the numbers at most `most`.
std::string Text(const CommandContext& context, const std::vector<Message>& messages,
                 std::size_t most) {
  if (messages.size() == 1) {
    const Message& message = messages.front();
    return fmt::format("message {} from {} to {}", Number(message.id),
                       context.Label(message.from).shown(), context.Label(message.to).shown());
  }
  std::vector<std::string> numbers;
  for (const Message& message : messages) {
    if (numbers.size() == most) {
      numbers.push_back("…");
      break;
    }
    numbers.push_back(std::to_string(Number(message.id)));
  }
  return fmt::format("{}: {}", Count(messages.size(), "message"), Join(numbers, ", "));
}
Line LineOf(const CommandContext& context, std::string_view before,
            const std::vector<Message>& messages, std::string_view behind = {}) {
  constexpr std::size_t kFew = 10;
  const auto text = [&](std::size_t most) {
    return fmt::format("{}{}{}", before, Text(context, messages, most), behind);
  };
  return {text(messages.size()), text(kFew)};
}

Result<Reply> ShowMessages(CommandContext& context) {
  Table table{.key = "messages",
              .columns = {{"message", "message"},
                          {"from", "from"},
                          {"to", "to"},
                          {"bytes", "bytes"},
                          {"state", "state"},
                          {"arrives", "arrives"}}};
  for (const MessageView& view : context.simulation.Messages(context.targets.nodes)) {
    const Message& message = view.message;
    table.rows.push_back({Number(message.id), context.Label(message.from),
                          context.Label(message.to), message.bytes, std::string(Name(view.state)),
                          view.arrives ? Cell(view.arrives->time_since_epoch()) : Cell()});
  }
  Reply reply;
  if (table.rows.empty()) reply.output.push_back("no messages");
  reply.tables.push_back(std::move(table));
  return reply;
}

Result<Reply> DropMessages(CommandContext& context) {
  DELSTEP_ASSIGN(const DropReport report,
                 context.simulation.Drop(NamedMessages(context.arguments)));
  Reply reply;
  if (!report.lost.empty())
    reply.text.push_back(LineOf(context, "dropped ", report.lost, ": lost"));
  if (!report.taken_back.empty())
    reply.text.push_back(LineOf(context, "dropped ", report.taken_back, ": never sent"));
  reply.fields = {{"lost", report.lost.size()}, {"never_sent", report.taken_back.size()}};
  return reply;
}

Result<Reply> DeliverMessages(CommandContext& context) {
  DELSTEP_ASSIGN(const std::vector<Message> delivered,
                 context.simulation.Deliver(NamedMessages(context.arguments)));
  Reply reply;
  reply.text.push_back(LineOf(context, "delivered ", delivered));
  reply.fields = {{"delivered", delivered.size()}};
  return reply;
}

/// Where to look for a message that is gone, the newest moment first. Those that led here come
/// before those of other branches: there the number may be of another message.
std::vector<const Moment*> MomentsToSearch(const Moments& moments) {
  std::vector<const Moment*> found;
  const Moment* moment = &moments.present();
  while (moment) {
    found.push_back(moment);
    moment = moment->parent ? moments.Find(*moment->parent) : nullptr;
  }
  for (auto each = moments.all().rbegin(); each != moments.all().rend(); ++each)
    found.push_back(&each->second);
  return found;
}

/// What was queued, and whose contents these are.
struct Resent {
  Message message;
  const Moment* from = nullptr;  ///< null: the message is still there
};

/// Errors: no moment holds it, which the error of the present world tells best; or it cannot be
/// queued.
Result<Resent> Resend(CommandContext& context, MessageId id) {
  auto queued = context.simulation.Resend(id);
  if (queued) return Resent{.message = *queued};
  // Which moments there are depends on how a run was cut into commands, and a run in parts must be
  // the run in one piece: a planned command looks at the present alone.
  if (context.planned) return std::move(queued).error();
  for (const Moment* moment : MomentsToSearch(context.history.moments())) {
    const Snapshot* snapshot = context.history.SnapshotOf(moment->number);
    if (!snapshot || !context.simulation.Holds(*snapshot, id)) continue;
    DELSTEP_ASSIGN(const Message message, context.simulation.Resend(*snapshot, id));
    // Which moments there are is no part of the world.
    context.uncertain = true;
    return Resent{.message = message, .from = moment};
  }
  return std::move(queued).error();
}

Result<Reply> ResendMessage(CommandContext& context) {
  const MessageId id{*context.arguments.Get<std::uint64_t>("ID")};
  DELSTEP_ASSIGN(const Resent resent, Resend(context, id));
  const Message& queued = resent.message;
  // After going back a number may be given a second time, to another message.
  std::string where;
  if (resent.from) where = fmt::format(" of moment {}", resent.from->number);
  // A mark may have kept it when its branch was deleted.
  if (const Branch* branch =
          resent.from ? context.history.moments().FindBranch(resent.from->branch) : nullptr)
    where += fmt::format(" ({})", branch->name);
  Reply reply;
  reply.text.push_back(fmt::format("queued {} with the contents of message {}{}",
                                   Text(context, {queued}, 1), Number(id), where));
  reply.fields = {
      {"message", Number(queued.id)}, {"queued", std::uint64_t{1}}, {"bytes", queued.bytes}};
  return reply;
}

constexpr Command kMessages[] = {
    {.scope = CommandScope::kNetwork,
     .usage = "messages [NODE...]",
     .sentence = "messages that are not yet aggregated: all, or those from and to nodes; queued in "
                 "the outbox, in flight, arrived and waiting, or in the inbox",
     .example = "messages 10.0.0.1",
     .more = "arrives: when a message in flight will arrive, if the network knows; of one that has "
             "arrived, when it did. A loss is known only when it happens.",
     .who = Who::kAny,
     .shows = true,
     .run = ShowMessages},
    {.scope = CommandScope::kNetwork,
     .usage = "drop ID...",
     .sentence =
         "take messages away that are not yet aggregated, by the numbers of `messages`: what "
         "was sent is lost (dropped), what waits in an outbox was never sent",
     .example = "drop 3 4",
     .more = "A message that lay in an inbox counted as delivered, and counts as lost from now on. "
             "Its latency was measured, and stays in the figures of latency. Nothing else is "
             "different: the fates and arrivals of other messages stay.",
     .autonet = true,
     .changes_world = true,
     .run = DropMessages},
    {.scope = CommandScope::kNetwork,
     .usage = "deliver ID...",
     .sentence =
         "messages arrive now, in the order given and before all others, even those that the "
         "link would lose",
     .example = "deliver 4",
     .more = "What waits in an outbox is sent first. The order of arrival decides which model of a "
             "sender `ag` finds: the last one.",
     .autonet = true,
     .changes_world = true,
     .run = DeliverMessages},
    {.scope = CommandScope::kNetwork,
     .usage = "resend ID",
     .sentence = "queue what a message says again, under a new number: of any message that a kept "
                 "moment holds",
     .example = "resend 3",
     .more = "It carries the model as it was when the message was first queued. Between the same "
             "nodes, which must be neighbours, and the sender up.",
     .autonet = true,
     .changes_world = true,
     .run = ResendMessage},
};

}  // namespace

std::span<const Command> MessageCommands() { return kMessages; }

}  // namespace delstep
