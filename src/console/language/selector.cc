#include "console/language/selector.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>

#include "base/text.h"
#include "scenario/names.h"

namespace delstep {
namespace {

Error BadRange(std::string_view text, std::string_view what) {
  return UsageError(fmt::format("'{}' is no range of nodes: {}", text, what),
                    "for example: 10.0.0.[1-20]");
}

Result<Selector> ParseRange(std::string_view text) {
  const auto open = text.find('[');
  if (!text.ends_with(']')) return BadRange(text, "it does not end with ']'");
  // With 1 as the last octet it must be an address.
  const auto base = ParseAddress(std::string(text.substr(0, open)) + "1");
  if (!base) return BadRange(text, "three octets and a dot come before the '['");
  const auto parts = Split(text.substr(open + 1, text.size() - open - 2), '-');
  if (parts.size() != 2) return BadRange(text, "two numbers stand in the brackets");
  const auto first = ParseUnsigned(parts[0]), last = ParseUnsigned(parts[1]);
  if (!first || !last || *first < 1 || *first > 254 || *last < 1 || *last > 254)
    return BadRange(text, "its ends are numbers from 1 to 254");
  if (*first > *last) return BadRange(text, "it is reversed");
  const auto at = [&](std::uint64_t octet) {
    return Address{base->value - 1 + static_cast<std::uint32_t>(octet)};
  };
  return Selector{.kind = Selector::Kind::kRange, .first = at(*first), .last = at(*last)};
}

/// Keeps the order as typed, and each node once. Named nodes that are down are an error, others are
/// skipped and told.
class Resolver {
 public:
  Resolver(const Directory& directory, DownNodes down) : directory_(directory), down_(down) {}

  Result<void> Add(const Choice& choice) {
    switch (choice.selector.kind) {
      case Selector::Kind::kNode: {
        DELSTEP_ASSIGN(const NodeId node, FindNode(*choice.word, directory_));
        return AddNamed(node, *choice.word);
      }
      case Selector::Kind::kRange:
        return AddRange(choice);
      case Selector::Kind::kGroup: {
        DELSTEP_ASSIGN(const auto members,
                       FindGroup(*choice.word, choice.selector.name, directory_));
        if (members.empty())
          return At(*choice.word,
                    Refused(fmt::format("group '{}' has no members", choice.selector.name)));
        AddMany(members);
        return {};
      }
      case Selector::Kind::kAll:
        AddMany(directory_.Nodes());
    }
    return {};
  }

  void AddMany(std::span<const NodeId> nodes) {
    for (const NodeId node : nodes) {
      const bool takes = down_ == DownNodes::kAllow || directory_.IsUp(node);
      // The first mention counts, also if it skips the node.
      if (seen_.insert(node).second) (takes ? set_.nodes : set_.skipped).push_back(node);
    }
  }

  Result<NodeSet> Take() {
    if (!set_.nodes.empty()) return std::move(set_);
    if (set_.skipped.empty()) return Refused("there are no nodes", "add one: node add");
    return Refused(fmt::format("{} down", set_.skipped.size() == 1 ? "the only node is"
                                                                   : "all of these nodes are"),
                   "bring one back: node up NODE");
  }

 private:
  Result<void> AddNamed(NodeId node, const Word& word) {
    if (down_ == DownNodes::kRefuse && !directory_.IsUp(node))
      return At(word, Refused(fmt::format("node {} is down", directory_.AddressOf(node)),
                              fmt::format("node up {}", directory_.AddressOf(node))));
    if (seen_.insert(node).second) set_.nodes.push_back(node);
    return {};
  }

  Result<void> AddRange(const Choice& choice) {
    std::vector<NodeId> nodes;
    // All or none: a range with a gap is an error before anything is added.
    for (Address a = choice.selector.first; a <= choice.selector.last; ++a.value) {
      const auto node = directory_.Find(ToString(a));
      if (!node)
        return At(*choice.word, Refused(fmt::format("no node named '{}' in the range '{}'",
                                                    ToString(a), choice.word->text),
                                        "list the nodes: neighborhood"));
      nodes.push_back(*node);
    }
    for (const NodeId node : nodes) DELSTEP_TRY(AddNamed(node, *choice.word));
    return {};
  }

  const Directory& directory_;
  DownNodes down_;
  NodeSet set_;
  std::unordered_set<NodeId> seen_;
};

}  // namespace

Result<Selector> ParseSelector(std::string_view text) {
  if (text == "all") return Selector{Selector::Kind::kAll};
  if (text.starts_with('@')) {
    DELSTEP_TRY(CheckGroupName(text.substr(1)));
    return Selector{Selector::Kind::kGroup, std::string(text.substr(1))};
  }
  if (text.find('[') != std::string_view::npos) return ParseRange(text);
  if (!ParseAddress(text) && !CheckNodeName(text))
    return UsageError(fmt::format("'{}' is neither an address nor a name", text),
                      "for example: 10.0.0.3, 10.0.0.[1-20], @g1, all");
  return Selector{Selector::Kind::kNode, std::string(text)};
}

std::optional<std::vector<NodeId>> SimulationDirectory::Group(std::string_view name) const {
  auto group = simulation_.Group(name);
  if (!group) return std::nullopt;
  return std::move(group->members);
}

std::vector<std::string> SimulationDirectory::GroupNames() const {
  std::vector<std::string> names;
  for (GroupView& group : simulation_.Groups()) names.push_back(std::move(group.name));
  return names;
}

Result<NodeSet> Resolve(std::span<const Choice> choices, const Directory& directory,
                        DownNodes down) {
  Resolver resolver(directory, down);
  for (const Choice& choice : choices) DELSTEP_TRY(resolver.Add(choice));
  // No node means all.
  if (choices.empty()) resolver.AddMany(directory.Nodes());
  return resolver.Take();
}

Result<NodeId> FindNode(const Word& word, const Directory& directory) {
  if (const auto node = directory.Find(word.text)) return *node;
  // Every address is near every other.
  std::string hint = ParseAddress(word.text) ? "" : DidYouMean(word.text, NodeWords(directory));
  if (hint.empty()) hint = "list the nodes: neighborhood";
  return At(word, Refused(fmt::format("no node named '{}'", word.text), std::move(hint)));
}

Result<std::vector<NodeId>> FindGroup(const Word& word, std::string_view name,
                                      const Directory& directory) {
  if (auto members = directory.Group(name)) return *std::move(members);
  std::string hint = DidYouMean(name, directory.GroupNames());
  if (hint.empty()) hint = fmt::format("make it: group create {}", name);
  return At(word, Refused(fmt::format("no group named '{}'", name), std::move(hint)));
}

Result<NodeSet> UpMembers(const Word& word, std::string_view name, const Directory& directory) {
  const Choice choice{Selector{Selector::Kind::kGroup, std::string(name)}, &word};
  auto set = Resolve({&choice, 1}, directory, DownNodes::kRefuse);
  if (!set) return At(word, std::move(set).error());
  return set;
}

std::vector<std::string> NodeWords(const Directory& directory) {
  std::vector<std::string> words;
  for (const NodeId node : directory.Nodes()) {
    words.push_back(directory.AddressOf(node));
    if (std::string name = directory.NameOf(node); !name.empty()) words.push_back(std::move(name));
  }
  return words;
}

std::string AddressList(std::span<const NodeId> nodes, const Directory& directory) {
  constexpr std::size_t kShown = 10;
  std::string text;
  for (const NodeId node : nodes.first(std::min(nodes.size(), kShown)))
    text += (text.empty() ? "" : ", ") + directory.AddressOf(node);
  if (nodes.size() > kShown) text += fmt::format(", … {} more", nodes.size() - kShown);
  return text;
}

}  // namespace delstep
