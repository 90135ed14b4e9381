#include "scenario/names.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/shortened.h"
#include "base/utf8.h"
#include "scenario/toml.h"
#include "scenario/units.h"

namespace delstep {
namespace {

constexpr std::size_t kLongestName = 64;

/// The words of the command language that no node and no group may be called. The set is closed: a
/// verb that is added later is not put here, for a verb stands first on a line, where no name does,
/// and names that people chose must stay good.
constexpr std::array kReservedWords = std::to_array<std::string_view>(
    {"all",     "local",    "global", "group", "neighborhood", "guestbook", "status", "help",
     "config",  "set",      "train",  "ag",    "test",         "lrate",     "step",   "nstep",
     "autonet", "exchange", "send",   "flood", "gossip",       "link",      "node",   "cycle",
     "log",     "save",     "stats",  "load",  "repeat",       "exit",      "expect", "export",
     "data",    "labels",   "noise",  "flip",  "restore",      "echo",      "pause"});
/// What may stand after `group` where a group's name may, besides reserved words.
constexpr std::array kGroupWords = std::to_array<std::string_view>(
    {"list", "create", "delete", "roster", "membership", "add", "remove", "share"});

bool IsWordOf(std::span<const std::string_view> words, std::string_view name) {
  return std::ranges::find(words, name) != words.end();
}

Error CannotBe(std::string_view name, std::string_view kind, std::string_view why) {
  return UsageError(
      fmt::format("'{}' cannot be the name of a {}: {}", Shortened(name, 80), kind, why),
      "choose a word such as anna or west-2");
}

/// What it is made of.
Result<void> CheckForm(std::string_view name, std::string_view kind) {
  const auto refused = [&](std::string_view why) { return CannotBe(name, kind, why); };
  if (name.empty()) return refused("it is empty");
  if (name.size() > kLongestName)
    return refused(fmt::format("it is longer than {} bytes", kLongestName));
  if (!IsUtf8(name)) return UsageError(fmt::format("the name of a {} is not valid UTF-8", kind));
  const auto special = std::ranges::find_if(name, [](char c) {
    return static_cast<unsigned char>(c) <= ' ' || c == 0x7f ||
           std::string_view(";#\"{}[]@").find(c) != std::string_view::npos;
  });
  if (special != name.end()) return refused("it has blanks or one of ; # \" { } [ ] @");
  if (name.front() == '-') return refused("it begins with '-'");
  // It would be taken for one wherever a node may stand.
  if (name.find_first_not_of("0123456789.-") == std::string_view::npos)
    return refused("it looks like an address or a number");
  // `nstep 5s` must mean a time.
  if (ParseDuration(name)) return refused("it looks like a duration");
  return {};
}

/// A name stands where words may stand too: `group train add x` could not be told apart.
Result<void> CheckName(std::string_view name, std::string_view kind) {
  if (IsWordOf(kReservedWords, name))
    return CannotBe(name, kind, "it is a word of the command language");
  return CheckForm(name, kind);
}

}  // namespace

std::span<const std::string_view> ReservedWords() { return kReservedWords; }

Result<void> CheckNodeName(std::string_view name) { return CheckName(name, "node"); }

Result<void> CheckGroupName(std::string_view name) {
  DELSTEP_TRY(CheckName(name, "group"));
  if (IsWordOf(kGroupWords, name))
    return UsageError(
        fmt::format("'{}' cannot be the name of a group: it is a word of the group command", name),
        name == "add" || name == "remove"
            ? fmt::format("the group comes first: group G {} NODE...", name)
            : "choose a word such as west-2");
  return {};
}

Result<void> CheckMomentName(std::string_view name) {
  if (name == "delete")
    return CannotBe(name, "mark or a branch", "it is a word of `branch delete`");
  return CheckForm(name, "mark or a branch");
}

}  // namespace delstep
