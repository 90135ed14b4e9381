#include <fmt/format.h>

#include <string>

#include "base/text.h"
#include "console/commands/command_rows.h"

namespace delstep {
namespace {

Result<Reply> Attack(CommandContext& context, const std::string& attack) {
  DELSTEP_TRY(context.simulation.SetAttack(attack, context.targets.nodes));
  const std::size_t count = context.targets.nodes.size();
  Reply reply;
  reply.text.push_back(attack == "off" ? fmt::format("{} {} what {} learnt", Count(count, "node"),
                                                     count == 1 ? "sends" : "send",
                                                     count == 1 ? "it has" : "they have")
                                       : fmt::format("{} {}: {} from now on", Count(count, "node"),
                                                     count == 1 ? "attacks" : "attack", attack));
  reply.fields = {{"attack", attack}, {"node_count", count}};
  return reply;
}

/// The word of the row, and the number after it.
template <const char* kWord>
Result<Reply> AttackBy(CommandContext& context) {
  for (const char* name : {"S", "FACTOR"})
    if (const auto value = context.arguments.Get<double>(name))
      return Attack(context, fmt::format("{} {}", kWord, ShortestReal(*value)));
  return Attack(context, kWord);
}

constexpr char kSignFlip[] = "sign-flip", kNoise[] = "noise", kZero[] = "zero", kScale[] = "scale",
               kSame[] = "same", kOff[] = "off";

constexpr Command kAttacks[] = {
    {.scope = CommandScope::kLearning,
     .usage = "attack sign-flip NODE...",
     .sentence = "send the opposite of what was learnt: each parameter times -1",
     .example = "attack sign-flip 10.0.0.[1-3]",
     .more = "Attackers train, aggregate and are tested as before; only what they send is wrong. "
             "`status` shows who attacks. Messages that are queued already stay as they are.",
     .who = Who::kAny,
     .autonet = true,
     .changes_world = true,
     .run = AttackBy<kSignFlip>},
    {.scope = CommandScope::kLearning,
     .usage = "attack noise S NODE...",
     .sentence = "add normal noise of standard deviation S to each parameter that is sent",
     .example = "attack noise 0.5 10.0.0.3",
     .more = "The noise of `attack noise` is new for each command that sends.",
     .who = Who::kAny,
     .autonet = true,
     .changes_world = true,
     .run = AttackBy<kNoise>},
    {.scope = CommandScope::kLearning,
     .usage = "attack zero NODE...",
     .sentence = "send zeros",
     .example = "attack zero 10.0.0.3",
     .who = Who::kAny,
     .autonet = true,
     .changes_world = true,
     .run = AttackBy<kZero>},
    {.scope = CommandScope::kLearning,
     .usage = "attack scale FACTOR NODE...",
     .sentence = "send what was learnt, each parameter times a factor",
     .example = "attack scale 10 10.0.0.3",
     .who = Who::kAny,
     .autonet = true,
     .changes_world = true,
     .run = AttackBy<kScale>},
    {.scope = CommandScope::kLearning,
     .usage = "attack same NODE...",
     .sentence = "send one random model, the same from all attackers",
     .example = "attack same @attackers",
     .more = "The parameters of the model of `attack same` are standard normal. Attackers that "
             "agree with each other look like a "
             "majority to a rule such as krum.",
     .who = Who::kAny,
     .autonet = true,
     .changes_world = true,
     .run = AttackBy<kSame>},
    {.scope = CommandScope::kLearning,
     .usage = "attack off NODE...",
     .sentence = "send what was learnt again",
     .example = "attack off all",
     .who = Who::kAny,
     .autonet = true,
     .changes_world = true,
     .run = AttackBy<kOff>},
};

}  // namespace

std::span<const Command> AttackCommands() { return kAttacks; }

}  // namespace delstep
