#include "network/remote/on_the_way.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace delstep::remote {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

Message Numbered(std::uint64_t id) { return {MessageId{id}, NodeId{0}, NodeId{1}, 100}; }
End EndOf(std::uint64_t id, Duration sent, Duration at) {
  return {.message = MessageId{id}, .sent = SimTime{sent}, .at = SimTime{at}, .lost = {}};
}

/// 1 and 2 were sent at 5 ns, in this order, and 3 at 6 ns.
OnTheWay Three() {
  OnTheWay three;
  three.Send(Numbered(2), SimTime{5ns});
  three.Send(Numbered(1), SimTime{5ns});
  three.Send(Numbered(3), SimTime{6ns});
  return three;
}

std::string WhatIsWrong(std::vector<End> ended, Duration now = 20ns, Duration before = 7ns) {
  const auto taken =
      Three().Check({.now = SimTime{now}, .ended = std::move(ended)}, SimTime{before});
  return taken ? "" : taken.error().message;
}

TEST(OnTheWay, TakesOffWhatHasEnded) {
  OnTheWay flights = Three();
  const auto passage = flights.Check(
      {.now = SimTime{20ns}, .ended = {EndOf(2, 5ns, 9ns), EndOf(1, 5ns, 9ns)}}, SimTime{7ns});
  ASSERT_TRUE(passage);
  EXPECT_EQ(flights.size(), 3u) << "looking changes nothing";
  flights.End(*passage);
  ASSERT_EQ(passage->size(), 2u);
  EXPECT_EQ((*passage)[0].message, Numbered(2));
  EXPECT_EQ((*passage)[0].at, SimTime{9ns});
  EXPECT_EQ(flights.size(), 1u);
  EXPECT_TRUE(flights.Has(MessageId{3}));
}

TEST(OnTheWay, BelievesNoEndThatCannotBe) {
  EXPECT_EQ(WhatIsWrong({EndOf(2, 5ns, 9ns)}), "");
  EXPECT_THAT(WhatIsWrong({EndOf(4, 5ns, 9ns)}), HasSubstr("not on the way"));
  EXPECT_THAT(WhatIsWrong({EndOf(2, 5ns, 9ns), EndOf(2, 5ns, 9ns)}), HasSubstr("ends twice"));
  EXPECT_THAT(WhatIsWrong({EndOf(2, 6ns, 9ns)}), HasSubstr("at another time"));
  EXPECT_THAT(WhatIsWrong({EndOf(2, 5ns, 21ns)}), HasSubstr("in the future"));
  EXPECT_THAT(WhatIsWrong({EndOf(2, 5ns, 6ns)}), HasSubstr("in the past"));
  EXPECT_THAT(WhatIsWrong({EndOf(2, 5ns, 4ns)}, 20ns, 0ns), HasSubstr("in the past"));
  EXPECT_THAT(WhatIsWrong({EndOf(2, 5ns, 9ns), EndOf(3, 6ns, 8ns)}), HasSubstr("out of order"));
  // At one moment the one that was sent first comes first, whatever its number.
  EXPECT_THAT(WhatIsWrong({EndOf(1, 5ns, 9ns), EndOf(2, 5ns, 9ns)}), HasSubstr("out of order"));
}

TEST(OnTheWay, DoesNotKnowWhatWasWithdrawn) {
  OnTheWay flights = Three();
  const MessageId ids[] = {MessageId{1}};
  flights.Withdraw(ids);
  EXPECT_FALSE(flights.Check({.now = SimTime{9ns}, .ended = {EndOf(1, 5ns, 9ns)}}, SimTime{7ns}));
}

}  // namespace
}  // namespace delstep::remote
