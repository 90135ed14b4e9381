#include "core/world/guestbook.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace delstep {
namespace {

using testing::ElementsAre;

Encounter Meeting(std::uint32_t peer, std::uint32_t expiry, std::uint64_t samples = 1) {
  return {static_cast<NodeId>(peer), {Row(), samples}, expiry, {}, {}};
}
std::vector<std::uint32_t> Peers(const Guestbook& book) {
  std::vector<std::uint32_t> peers;
  for (const Encounter& record : book.records())
    peers.push_back(static_cast<std::uint32_t>(record.peer));
  return peers;
}

TEST(Guestbook, KeepsRecordsInTheOrderOfPeers) {
  Guestbook book;
  book.Write({Meeting(5, 3)});
  book.Write({Meeting(1, 3)});
  book.Write({Meeting(3, 3)});
  EXPECT_THAT(Peers(book), ElementsAre(1u, 3u, 5u));
}

TEST(Guestbook, ALaterMessageOfTheSamePeerReplacesTheEarlier) {
  Guestbook book;
  book.Write({Meeting(2, 1, 10)});
  book.Write({Meeting(2, 3, 20)});
  ASSERT_EQ(book.records().size(), 1u);
  EXPECT_EQ(book.records()[0].expiry, 3u);
  EXPECT_EQ(book.records()[0].model.samples, 20u);
}

TEST(Guestbook, TakesManyMeetingsAtOnceInTheirOrder) {
  Guestbook book;
  book.Write({Meeting(2, 1, 10), Meeting(6, 1, 11)});
  book.Write({Meeting(9, 3, 1), Meeting(2, 3, 2), Meeting(4, 3, 3), Meeting(2, 3, 4)});
  EXPECT_THAT(Peers(book), ElementsAre(2u, 4u, 6u, 9u));
  EXPECT_EQ(book.records()[0].model.samples, 4u) << "the last of the three";
  EXPECT_EQ(book.records()[2].model.samples, 11u);
}

TEST(Guestbook, ARecordWithExpiryThreeServesThreeAggregations) {
  Guestbook book;
  book.Write({Meeting(2, 3)});
  int served = 0;
  while (!book.empty()) {
    ++served;
    book.Tick();
  }
  EXPECT_EQ(served, 3);
}

TEST(Guestbook, ACopyIsIndependent) {
  Guestbook book;
  book.Write({Meeting(2, 1)});
  Guestbook copy = book;
  copy.Tick();
  copy.Write({Meeting(7, 1)});
  EXPECT_THAT(Peers(book), ElementsAre(2u));
  EXPECT_THAT(Peers(copy), ElementsAre(7u));
}

}  // namespace
}  // namespace delstep
