#include "console/history/moments.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace delstep {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class MomentsTest : public testing::Test {
 protected:
  MomentNumber Do(const std::string& command) {
    if (moments_.Recorded(command))
      moments_.StepForth();
    else
      moments_.Add({.command = command});
    return moments_.present().number;
  }
  void Go(Result<Destination> to) {
    ASSERT_TRUE(to) << to.error().message;
    moments_.Go(*to);
  }
  MomentNumber present() const { return moments_.present().number; }
  const std::string& branch() const { return moments_.branch().name; }
  std::vector<std::string> Branches() const {
    std::vector<std::string> names;
    for (const Branch& branch : moments_.branches())
      names.push_back(branch.name + ":" + std::to_string(branch.last));
    return names;
  }

  Moments moments_{{}};
};

TEST_F(MomentsTest, NumbersGoOnFromTheStartOnMain) {
  EXPECT_EQ(present(), 0u);
  EXPECT_EQ(Do("train"), 1u);
  EXPECT_EQ(Do("flood"), 2u);
  EXPECT_EQ(branch(), "main");
  EXPECT_EQ(moments_.Find(2)->parent, 1u);
  EXPECT_EQ(moments_.Find(2)->command, "flood");
  EXPECT_FALSE(moments_.Find(0)->parent);
}

TEST_F(MomentsTest, BackAndForthPassTheMomentsBetween) {
  Do("a"), Do("b"), Do("c");
  const auto back = moments_.Back(2);
  ASSERT_TRUE(back);
  EXPECT_EQ(back->moment, 1u);
  EXPECT_THAT(back->passed, ElementsAre(3, 2));
  Go(back);
  const auto forth = moments_.Forth(2);
  ASSERT_TRUE(forth);
  EXPECT_EQ(forth->moment, 3u);
  EXPECT_THAT(forth->passed, ElementsAre(2, 3));
}

TEST_F(MomentsTest, OneCannotGoBeyondTheEnds) {
  Do("a"), Do("b");
  EXPECT_THAT(moments_.Back(3).error().message, HasSubstr("only 2 moments before"));
  EXPECT_THAT(moments_.Forth(1).error().message, HasSubstr("moment 2 is the last one"));
  Go(moments_.Back(1));
  EXPECT_THAT(moments_.Forth(2).error().message, HasSubstr("only 1 moment after"));
  EXPECT_EQ(present(), 1u);
  Go(moments_.Back(1));
  EXPECT_THAT(moments_.Back(1).error().message, HasSubstr("nothing to undo"));
}

//   0 - 1 a - 2 b          main
//        \ 3 c - 4 d       main-2
//         \ 5 e            main-3
TEST_F(MomentsTest, AnotherCommandAfterUndoBeginsTheNextFreeBranch) {
  Do("a"), Do("b");
  Go(moments_.Back(1));
  EXPECT_EQ(Do("c"), 3u);
  EXPECT_EQ(branch(), "main-2");
  EXPECT_EQ(Do("d"), 4u);
  Go(moments_.Back(2));
  EXPECT_EQ(branch(), "main-2");
  EXPECT_EQ(Do("e"), 5u);
  EXPECT_THAT(Branches(), ElementsAre("main:2", "main-2:4", "main-3:5"));
  EXPECT_EQ(moments_.Find(5)->parent, 1u);
  // The tail that was left is still there, and its branch with it.
  Go(moments_.At("2"));
  EXPECT_EQ(branch(), "main");
}

TEST_F(MomentsTest, TheRecordedCommandEndsInTheRecordedMoment) {
  Do("a"), Do("b"), Do("c");
  Go(moments_.Back(3));
  EXPECT_EQ(Do("a"), 1u);
  EXPECT_EQ(Do("b"), 2u);
  EXPECT_THAT(Branches(), ElementsAre("main:3"));
  EXPECT_EQ(Do("other"), 4u);
  EXPECT_EQ(branch(), "main-2");
}

// What another branch did next is not what this one did.
TEST_F(MomentsTest, ABranchThatBeginsHereHasNothingRecorded) {
  Do("a"), Do("b");
  Go(moments_.Back(1));
  ASSERT_TRUE(moments_.MakeBranch("mine"));
  EXPECT_EQ(Do("b"), 3u);
  EXPECT_THAT(Branches(), ElementsAre("main:2", "mine:3"));
}

TEST_F(MomentsTest, AMarkNamesTheMomentAndMoves) {
  Do("a");
  const auto first = moments_.Mark("here");
  ASSERT_TRUE(first);
  EXPECT_EQ(*first, std::nullopt);
  Do("b");
  Go(moments_.At("here"));
  EXPECT_EQ(present(), 1u);
  Go(moments_.At("2"));
  EXPECT_EQ(**moments_.Mark("here"), 1u);
  EXPECT_THAT(moments_.MarksAt(1), IsEmpty());
  EXPECT_THAT(moments_.MarksAt(2), ElementsAre("here"));
}

TEST_F(MomentsTest, MarksAndBranchesShareTheirNames) {
  ASSERT_TRUE(moments_.Mark("one"));
  EXPECT_THAT(moments_.MakeBranch("one").error().message, HasSubstr("a mark named 'one'"));
  ASSERT_TRUE(moments_.MakeBranch("two"));
  EXPECT_THAT(moments_.Mark("two").error().message, HasSubstr("a branch named 'two'"));
  EXPECT_THAT(moments_.MakeBranch("main").error().message, HasSubstr("already"));
  EXPECT_THAT(moments_.LastOf("one").error().message, HasSubstr("is a mark"));
  EXPECT_THAT(moments_.At("tow").error().hint, HasSubstr("did you mean 'two'"));
}

TEST_F(MomentsTest, ANameOfAnUnnamedBranchThatIsTakenIsPassedOver) {
  ASSERT_TRUE(moments_.Mark("main-2"));
  Do("a"), Do("b");
  Go(moments_.Back(1));
  Do("c");
  EXPECT_EQ(branch(), "main-3");
}

//   0 - 1 a - 2 b - 3 c    main
//        \     \ 5 e       other, on a moment of main
//         \ 4 d            main-2
TEST_F(MomentsTest, DeletingABranchForgetsWhatNothingElseLeadsTo) {
  Do("a"), Do("b"), Do("c");
  Go(moments_.Back(2));
  Do("d");
  Go(moments_.At("2"));
  ASSERT_TRUE(moments_.MakeBranch("other"));
  Do("e");
  EXPECT_THAT(moments_.DeleteBranch("other").error().message, HasSubstr("present branch"));
  const auto forgotten = moments_.DeleteBranch("main");
  ASSERT_TRUE(forgotten);
  EXPECT_THAT(*forgotten, ElementsAre(3));
  EXPECT_THAT(moments_.At("3").error().message, HasSubstr("not kept any more"));
  // Moments 0, 1 and 2 belong to a branch that leads to them: 0 and 1 to the older one of the two.
  EXPECT_EQ(moments_.FindBranch(moments_.Find(1)->branch)->name, "main-2");
  EXPECT_EQ(moments_.FindBranch(moments_.Find(2)->branch)->name, "other");
  Go(moments_.At("0"));
  EXPECT_EQ(branch(), "main-2");
  EXPECT_EQ(Do("a"), 1u);
}

TEST_F(MomentsTest, AMarkKeepsAMomentOfADeletedBranchWhichGetsANewOne) {
  Do("a"), Do("b");
  ASSERT_TRUE(moments_.Mark("kept"));
  Do("c");
  Go(moments_.At("0"));
  ASSERT_TRUE(moments_.MakeBranch("other"));
  ASSERT_TRUE(moments_.DeleteBranch("main"));
  EXPECT_EQ(moments_.Find(3), nullptr);
  Go(moments_.At("kept"));
  EXPECT_EQ(present(), 2u);
  EXPECT_EQ(branch(), "other-2");
  EXPECT_EQ(moments_.Back(2)->moment, 0u);
}

TEST_F(MomentsTest, WhereAMomentOnTheWayIsForgottenTheWayEnds) {
  Do("a"), Do("b"), Do("c");
  Go(moments_.At("0"));
  moments_.Forget(2);
  EXPECT_THAT(moments_.Forth(1).error().message, HasSubstr("not kept any more"));
  EXPECT_EQ(moments_.Recorded("a"), nullptr);
  // The end stays reachable, and what is done now does not come after it.
  EXPECT_EQ(Do("a"), 4u);
  EXPECT_EQ(branch(), "main-2");
  Go(moments_.At("3"));
  EXPECT_THAT(moments_.Back(1).error().message, HasSubstr("moment 2 is not kept"));
}

// ---- Checkpoints.

std::string BytesOf(const Moments& moments) {
  ByteWriter writer;
  moments.Save(writer);
  return writer.Take();
}

class SavedMoments : public MomentsTest {
 protected:
  SavedMoments() {
    Do("a"), Do("b");
    EXPECT_TRUE(moments_.Mark("here"));
    Do("c");
    Go(moments_.Back(2));
    EXPECT_TRUE(moments_.MakeBranch("other"));
    Do("d");
    Go(moments_.At("here"));
  }
};

TEST_F(SavedMoments, ComeBackAsTheyWere) {
  const std::string bytes = BytesOf(moments_);
  Moments loaded{{}};
  ByteReader reader(bytes);
  loaded.Load(reader);
  ASSERT_TRUE(reader.AtEnd());
  EXPECT_EQ(BytesOf(loaded), bytes);
  moments_ = loaded;
  EXPECT_EQ(present(), 2u);
  EXPECT_EQ(Do("c"), 3u) << "what is ahead is known";
  EXPECT_EQ(Do("d"), 5u) << "no number is given twice";
}

TEST_F(SavedMoments, OneCommandSinceIsTakenOff) {
  const std::string before = BytesOf(moments_);
  const Moments::Point point = moments_.point();
  Do("half of it");  // begins a branch, as c is ahead
  EXPECT_EQ(branch(), "main-2");
  EXPECT_EQ(BytesOf(moments_.AsAt(point)), before);
  Go(moments_.At("3"));
  const std::string at_end = BytesOf(moments_);
  const Moments::Point end = moments_.point();
  Do("more");  // goes on with the branch
  EXPECT_EQ(BytesOf(moments_.AsAt(end)), at_end);
}

TEST_F(SavedMoments, WhatIsCutOrMadeUpIsRefusedOrATree) {
  const std::string bytes = BytesOf(moments_);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    Moments loaded{{}};
    ByteReader reader(std::string_view(bytes).substr(0, size));
    loaded.Load(reader);
    EXPECT_FALSE(reader.AtEnd()) << size;
  }
  std::size_t refused = 0;
  for (std::size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
    std::string changed = bytes;
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << bit % 8));
    Moments loaded{{}};
    ByteReader reader(changed);
    loaded.Load(reader);
    if (!reader.AtEnd()) {
      ++refused;
      continue;
    }
    EXPECT_EQ(BytesOf(loaded), changed);
    (void)loaded.Back(9), (void)loaded.Forth(1);
    for (const auto& moment : loaded.all()) loaded.Go(*loaded.At(std::to_string(moment.first)));
    loaded.Add({.command = "e"});
  }
  EXPECT_GT(refused, 1000u);
}

}  // namespace
}  // namespace delstep
