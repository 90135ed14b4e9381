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

/// The range of the numbers from `first` to `last` (from 1 on, as nodes are counted), as selectors
/// of one octet each: after 10.0.0.254 comes 10.0.1.1.
std::string RangesOf(Address base, std::uint64_t first, std::uint64_t last) {
  constexpr std::uint64_t kPerOctet = 254;
  std::string text;
  while (first <= last) {
    const std::uint64_t octet = (first - 1) / kPerOctet;
    const std::uint64_t end = std::min(last, (octet + 1) * kPerOctet);
    const std::string address =
        ToString(Address{base.value + static_cast<std::uint32_t>(octet * 256)});
    const std::string front = address.substr(0, address.rfind('.') + 1);
    const std::uint64_t from = first - octet * kPerOctet, to = end - octet * kPerOctet;
    text += text.empty() ? "" : " ";
    text +=
        from == to ? fmt::format("{}{}", front, from) : fmt::format("{}[{}-{}]", front, from, to);
    first = end + 1;
  }
  return text;
}

/// "1,3-5" in the brackets of a range, as selectors; empty where that is not what it says.
std::string ListOf(Address base, std::string_view inside) {
  std::vector<std::string> selectors;
  for (const std::string_view item : Split(inside, ',')) {
    const auto ends = Split(Trim(item), '-');
    const auto first = ParseUnsigned(ends.front()), last = ParseUnsigned(ends.back());
    if (ends.size() > 2 || !first || !last || *first < 1 || *last > 254 || *first > *last)
      return {};
    selectors.push_back(RangesOf(base, *first, *last));
  }
  return Join(selectors, " ");
}

Result<Selector> ParseRange(std::string_view text) {
  const auto open = text.find('[');
  if (!text.ends_with(']')) return BadRange(text, "it does not end with ']'");
  // With 1 as the last octet it must be an address.
  const auto base = ParseAddress(std::string(text.substr(0, open)) + "1");
  if (!base) return BadRange(text, "three octets and a dot come before the '['");
  const std::string_view inside = text.substr(open + 1, text.size() - open - 2);
  if (const std::string list = ListOf(*base, inside);
      !list.empty() && inside.find(',') != std::string_view::npos)
    return UsageError(fmt::format("'{}' is no range of nodes: it has a comma", text),
                      "write selectors with blanks between: " + list);
  const auto parts = Split(inside, '-');
  if (parts.size() != 2) return BadRange(text, "two numbers stand in the brackets");
  const auto first = ParseUnsigned(parts[0]), last = ParseUnsigned(parts[1]);
  constexpr std::uint64_t kMostNodes = 65'536;
  if (first && last && *first >= 1 && *first <= *last && *last > 254 && *last <= kMostNodes)
    return UsageError(fmt::format("'{}' is no range of nodes: after {} comes {}", text,
                                  RangesOf(*base, 254, 254), RangesOf(*base, 255, 255)),
                      "write these nodes as: " + RangesOf(*base, *first, *last));
  if (!first || !last || *first < 1 || *first > 254 || *last < 1 || *last > 254)
    return BadRange(text, "its ends are numbers from 1 to 254");
  if (*first > *last)
    return UsageError(fmt::format("'{}' is no range of nodes: it is reversed", text),
                      "write " + RangesOf(*base, *last, *first));
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
      return At(word, Refused(fmt::format("node {} is down", CalledName(node, directory_)),
                              fmt::format("node up {}", CalledName(node, directory_))));
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
                                        std::string(kListNodesHint)));
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

namespace {

/// What is meant by a word that almost chooses nodes; empty: it is no such slip.
std::string SelectorHint(std::string_view text) {
  const auto parts = Split(text, ',');
  if (parts.size() > 1) {
    std::vector<std::string> words;
    for (const std::string_view part : parts) {
      if (Trim(part).empty()) continue;
      if (!ParseAddress(Trim(part)) && !ParseRange(Trim(part))) return {};
      words.emplace_back(Trim(part));
    }
    return words.empty() ? "" : "write blanks, not commas, between them: " + Join(words, " ");
  }
  if (text == "*") return "write all";
  // "10.0.0.1..3"
  if (const auto dots = text.find(".."); dots != std::string_view::npos)
    return SelectorHint(
        fmt::format("{}-{}", text.substr(0, dots),
                    text.substr(std::min(text.find_first_not_of('.', dots), text.size()))));
  // "10.0.0.1-3", "10.0.0.1-10.0.0.3"
  if (const auto dash = text.find('-'); dash != std::string_view::npos) {
    const auto first = ParseAddress(text.substr(0, dash));
    const auto last = ParseAddress(text.substr(dash + 1));
    const auto number = ParseUnsigned(text.substr(dash + 1));
    const std::uint64_t low = first ? first->value % 256 : 0;
    const bool one_octet = first && last && first->value / 256 == last->value / 256;
    const std::uint64_t high = one_octet ? last->value % 256 : number.value_or(0);
    if (first && low < high && high <= 254)
      return "write " +
             RangesOf(Address{first->value - static_cast<std::uint32_t>(low) + 1}, low, high);
  }
  if (text.ends_with('%') && ParseReal(text.substr(0, text.size() - 1)))
    return "for example: 10.0.0.3, 10.0.0.[1-20], @g1, all";
  if (const auto octets = Split(text, '.'); octets.size() == 4 && !ParseAddress(text) &&
                                            std::ranges::all_of(octets, [](std::string_view octet) {
                                              return ParseUnsigned(octet).has_value();
                                            }))
    return "four numbers up to 255 make an address, and the last one is 1 to 254";
  if (text.ends_with(".*") && ParseAddress(std::string(text.substr(0, text.size() - 1)) + "1"))
    return fmt::format("write all, or a range such as {}[1-20]", text.substr(0, text.size() - 1));
  if (const auto number = ParseUnsigned(text); number && *number >= 1 && *number <= 65'536)
    return fmt::format("write an address, for example {}",
                       RangesOf(Address{0x0a000001}, *number, *number));
  return {};
}

}  // namespace

Result<Selector> ParseSelector(std::string_view text) {
  if (text == "all") return Selector{Selector::Kind::kAll};
  if (text.starts_with('@')) {
    DELSTEP_TRY(CheckGroupName(text.substr(1)));
    return Selector{Selector::Kind::kGroup, std::string(text.substr(1))};
  }
  if (std::string hint = SelectorHint(text); !hint.empty())
    return UsageError(fmt::format("'{}' does not choose nodes", text), std::move(hint));
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
  if (const auto parts = Split(word.text, ','); parts.size() > 1) {
    std::vector<std::string> words;
    for (const std::string_view part : parts)
      if (directory.Find(Trim(part))) words.emplace_back(Trim(part));
    if (words.size() == parts.size())
      hint = "write blanks, not commas, between them: " + Join(words, " ");
  }
  if (directory.Group(word.text)) hint = fmt::format("did you mean the group '@{}'?", word.text);
  if (hint.empty()) hint = kListNodesHint;
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

std::string CalledName(NodeId node, const Directory& directory) {
  std::string name = directory.NameOf(node);
  return name.empty() ? directory.AddressOf(node) : name;
}

std::string NodeList(std::span<const NodeId> nodes, const Directory& directory, std::size_t shown) {
  std::string text;
  for (const NodeId node : nodes.first(std::min(nodes.size(), shown)))
    text += (text.empty() ? "" : ", ") + CalledName(node, directory);
  if (nodes.size() > shown) text += fmt::format(", … {} more", nodes.size() - shown);
  return text;
}

}  // namespace delstep
