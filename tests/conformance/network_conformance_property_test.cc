// Promises that hold after any sequence of operations.
#include "tests/conformance/network_player.h"

namespace delstep {
namespace {

TEST_P(NetworkConformance, AnyOperationsConserveMessagesInOrderAndEndEachOnce) {
  CaseCount cases(GetParam());
  EXPECT_TRUE(rc::check([&](const Operations& operations, std::uint64_t seed) {
    if (cases.IsEnough()) return;
    NetworkPlayer player(Make(4, {}, seed));
    player.Play(operations);
    player.Finish();
  }));
}

TEST_P(NetworkConformance, EqualSeedsAndOperationsGiveEqualOutcomes) {
  DELSTEP_APPLIES_ONLY_IF(GetParam().traits.simulated_time);
  CaseCount cases(GetParam());
  EXPECT_TRUE(rc::check([&](const Operations& operations, std::uint64_t seed) {
    if (cases.IsEnough()) return;
    NetworkPlayer first(Make(4, {}, seed)), second(Make(4, {}, seed));
    first.Play(operations);
    second.Play(operations);
    RC_ASSERT(first.Finish() == second.Finish());
  }));
}

TEST_P(NetworkConformance, FromEndToEndTimePassesAsInOnePiece) {
  DELSTEP_APPLIES_ONLY_IF(GetParam().traits.can_snapshot);
  CaseCount cases(GetParam());
  EXPECT_TRUE(rc::check([&](const Operations& before, const Operations& after, std::uint64_t seed,
                            std::uint16_t milliseconds) {
    if (cases.IsEnough()) return;
    NetworkPlayer whole(Make(4, {}, seed));
    whole.Play(before);
    NetworkPlayer steps = whole.Clone();
    const Duration time = whole.now() + milliseconds * 1000 * kMicrosecond;
    whole.AdvanceTo(time);
    steps.AdvanceInSteps(time);
    RC_ASSERT(steps.lines() == whole.lines());
    // Nothing else may be different either: both go on alike.
    whole.Play(after);
    steps.Play(after);
    RC_ASSERT(steps.Finish() == whole.Finish());
  }));
}

TEST_P(NetworkConformance, ACopyTakenAnywhereGoesOnAsTheOriginalWould) {
  DELSTEP_APPLIES_ONLY_IF(GetParam().traits.can_snapshot);
  CaseCount cases(GetParam());
  EXPECT_TRUE(rc::check([&](const Operations& before, const Operations& after, std::uint64_t seed) {
    if (cases.IsEnough()) return;
    NetworkPlayer original(Make(4, {}, seed));
    original.Play(before);
    NetworkPlayer copy = original.Clone();
    original.Play(after);
    const auto lines = original.Finish();
    copy.Play(after);
    RC_ASSERT(copy.Finish() == lines);
  }));
}

}  // namespace
}  // namespace delstep
