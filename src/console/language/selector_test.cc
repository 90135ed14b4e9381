#include "console/language/selector.h"

#include <gtest/gtest.h>

namespace delstep {
namespace {

/// 10.0.0.1 to 10.0.0.4; the second is down; the third is called carol; groups g = (3, 2, 1) and
/// empty.
class FakeDirectory : public Directory {
 public:
  std::vector<NodeId> Nodes() const override {
    return {NodeId{0}, NodeId{1}, NodeId{2}, NodeId{3}};
  }
  std::optional<NodeId> Find(std::string_view word) const override {
    for (const NodeId node : Nodes())
      if (AddressOf(node) == word || NameOf(node) == word) return node;
    return std::nullopt;
  }
  std::optional<NodeId> FindLeft(std::string_view word) const override {
    return word == "dora" ? std::optional(NodeId{4}) : std::nullopt;
  }
  bool IsUp(NodeId node) const override { return Index(node) != 1; }
  std::string AddressOf(NodeId node) const override {
    return ToString(DefaultAddress(Index(node)));
  }
  std::string NameOf(NodeId node) const override { return Index(node) == 2 ? "carol" : ""; }
  std::optional<std::vector<NodeId>> Group(std::string_view name) const override {
    if (name == "g") return std::vector{NodeId{2}, NodeId{1}, NodeId{0}};
    if (name == "empty") return std::vector<NodeId>{};
    return std::nullopt;
  }
  std::vector<std::string> GroupNames() const override { return {"g", "empty"}; }
};

/// "0 2 | 1": chosen and skipped; or the code and message of the error.
std::string Choose(std::initializer_list<std::string> texts, DownNodes down = DownNodes::kRefuse) {
  std::vector<Word> words(texts.size());
  std::vector<Choice> choices;
  std::size_t i = 0;
  for (const std::string& text : texts) {
    words[i].text = text;
    auto selector = ParseSelector(text);
    if (!selector)
      return std::to_string(static_cast<int>(selector.error().code)) + " " +
             selector.error().message;
    choices.push_back({*selector, &words[i++]});
  }
  const auto set = Resolve(choices, FakeDirectory(), down);
  if (!set) return std::to_string(static_cast<int>(set.error().code)) + " " + set.error().message;
  std::string text;
  for (const NodeId node : set->nodes) text += std::to_string(Index(node)) + " ";
  text += "|";
  for (const NodeId node : set->skipped) text += " " + std::to_string(Index(node));
  return text;
}

TEST(Selector, NoSelectorMeansAllAndDownNodesAreSkipped) { EXPECT_EQ(Choose({}), "0 2 3 | 1"); }

TEST(Selector, EachNodeIsChosenOnceInTheOrderTyped) {
  EXPECT_EQ(Choose({"carol", "10.0.0.1", "10.0.0.3", "all"}), "2 0 3 | 1");
}

TEST(Selector, GroupsComeInRosterOrder) { EXPECT_EQ(Choose({"@g"}), "2 0 | 1"); }

TEST(Selector, ANodeThatIsDownIsAnErrorWhenNamedSinglyOrInARange) {
  EXPECT_EQ(Choose({"10.0.0.2"}), "1 node 10.0.0.2 is down");
  EXPECT_EQ(Choose({"10.0.0.[1-2]"}), "1 node 10.0.0.2 is down");
  EXPECT_EQ(Choose({"10.0.0.2"}, DownNodes::kAllow), "1 |");
}

TEST(Selector, RangesMustBeInOrderAndAllThere) {
  EXPECT_EQ(Choose({"10.0.0.[3-4]"}), "2 3 |");
  EXPECT_EQ(Choose({"10.0.0.[3-5]"}), "1 no node named '10.0.0.5' in the range '10.0.0.[3-5]'");
  EXPECT_EQ(Choose({"10.0.0.[4-3]"}).substr(0, 2), "2 ");
  EXPECT_EQ(Choose({"10.0.0.[0-3]"}).substr(0, 2), "2 ");
  EXPECT_EQ(Choose({"10.0.0.[1-255]"}).substr(0, 2), "2 ");
  EXPECT_EQ(Choose({"10.0.0.[5-"}).substr(0, 2), "2 ");
  EXPECT_EQ(Choose({"10.0.[1-2]"}).substr(0, 2), "2 ");
}

TEST(Selector, UnknownNodesAreRefusedMalformedOnesMisused) {
  EXPECT_EQ(Choose({"10.0.0.99"}), "1 no node named '10.0.0.99'");
  EXPECT_EQ(Choose({"dave"}), "1 no node named 'dave'");
  EXPECT_EQ(Choose({"10.0.0.999"}), "2 '10.0.0.999' does not choose nodes");
  EXPECT_EQ(Choose({"@h"}), "1 no group named 'h'");
  EXPECT_EQ(Choose({"@"}).substr(0, 2), "2 ");
}

TEST(Selector, AnEmptyGroupIsRefused) {
  EXPECT_EQ(Choose({"@empty"}), "1 group 'empty' has no members");
}

TEST(NodeList, CallsNodesByTheirNamesAndCountsTheRest) {
  const FakeDirectory directory;
  const std::vector<NodeId> nodes = directory.Nodes();
  EXPECT_EQ(NodeList(nodes, directory, 4), "10.0.0.1, 10.0.0.2, carol, 10.0.0.4");
  EXPECT_EQ(NodeList(nodes, directory, 3), "10.0.0.1, 10.0.0.2, carol, … 1 more");
}

}  // namespace
}  // namespace delstep
