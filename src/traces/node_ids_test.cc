// Which node an id means.
#include "traces/node_ids.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace delstep {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<std::size_t> NodesFor(const std::vector<std::string>& ids, NodesOptions nodes = {}) {
  const auto found = FindNodesOfIds(ids, nodes, "f");
  EXPECT_TRUE(found) << found.error().message;
  std::vector<std::size_t> numbers;
  for (const NodeId node : found->nodes) numbers.push_back(Index(node));
  return numbers;
}

TEST(NodeIds, NumbersAscendAsNumbersAndTextsAsTexts) {
  EXPECT_THAT(NodesFor({"10", "9", "1157"}), ElementsAre(1, 0, 2));
  EXPECT_THAT(NodesFor({"veh10", "veh9", "a"}), ElementsAre(1, 2, 0));
  EXPECT_THAT(NodesFor({"10", "9", "a"}), ElementsAre(0, 1, 2)) << "one text makes all texts";
  EXPECT_THAT(NodesFor({"2.0", "10.0", "-1"}), ElementsAre(1, 2, 0));
  EXPECT_THAT(NodesFor({"18446744073709551617", "18446744073709551616"}), ElementsAre(1, 0));
}

TEST(NodeIds, AddressesAndNamesAreTheirNodesAndOthersTakeTheRest) {
  NodesOptions nodes;
  nodes.count = 4;
  nodes.names = {"ann", "3"};
  EXPECT_THAT(NodesFor({"7", "10.0.0.3", "3", "5"}, nodes), ElementsAre(3, 2, 1, 0));
  nodes.addresses = {Address{(10u << 24) + 2}};
  // The lowest free addresses follow: 10.0.0.1, 10.0.0.3, ...
  EXPECT_THAT(NodesFor({"10.0.0.1", "10.0.0.2", "10.0.0.3"}, nodes), ElementsAre(1, 0, 2));
}

TEST(NodeIds, TellsWhichIsWhichUnlessTheyCountUp) {
  const auto notes = [](const std::vector<std::string>& ids) {
    return FindNodesOfIds(ids, NodesOptions(), "f")->notes;
  };
  EXPECT_THAT(notes({"0", "1", "2"}), IsEmpty());
  EXPECT_THAT(notes({"2", "1", "3"}), IsEmpty());
  EXPECT_THAT(notes({"10.0.0.1"}), IsEmpty());
  EXPECT_THAT(
      notes({"7", "5"}),
      ElementsAre("its ids are taken in ascending order: '5' is 10.0.0.1, '7' is 10.0.0.2"));
}

TEST(NodeIds, MoreIdsThanNodesIsAnErrorUnlessNobodyGaveTheCount) {
  const std::vector<std::string> ids = {"a", "b", "c"};
  NodesOptions nodes;
  nodes.count = 2;
  const auto found = FindNodesOfIds(ids, nodes, "f");
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, ErrorCode::kFile);
  EXPECT_EQ(found.error().where, "f");
  EXPECT_THAT(found.error().message, HasSubstr("3 ids, but nodes.count = 2"));
  nodes.count_given = false;
  EXPECT_EQ(FindNodesOfIds(ids, nodes, "f")->count, 3u);
  nodes.names = {"x", "y", "z", "w"};
  EXPECT_EQ(FindNodesOfIds(ids, nodes, "f")->count, 4u);
}

TEST(NodeIds, RefusesTwoWordsForOneNodeAndBadIds) {
  NodesOptions nodes;
  nodes.names = {"ann"};
  const std::vector<std::string> ids = {"ann", "10.0.0.1"};
  ASSERT_FALSE(FindNodesOfIds(ids, nodes, "f"));
  EXPECT_FALSE(WrongId("bus:1"));
  EXPECT_TRUE(WrongId(""));
  EXPECT_TRUE(WrongId("a\tb"));
  EXPECT_TRUE(WrongId("\xff"));
  EXPECT_TRUE(WrongId(std::string(256, 'a')));
  EXPECT_THAT(*WrongId("@west"), HasSubstr("'@west' is a group and no node"));
}

}  // namespace
}  // namespace delstep
