#include "plotting/contacts.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "plotting/last_branch.h"

namespace delstep {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

std::string Line(const char* type, double seconds, const char* a = "10.0.0.1",
                 const char* b = "10.0.0.2") {
  return std::string(R"({"v":2,"type":")") + type + R"(","t":)" +
         std::to_string(static_cast<long>(seconds * 1e9)) + R"(,"cycle":0,"a":")" + a +
         R"(","b":")" + b + "\"}\n";
}

std::vector<std::pair<double, double>> Counts(const std::string& text) {
  std::istringstream events(text);
  const auto branch = ReadLastBranch(events, "events.jsonl");
  EXPECT_TRUE(branch);
  std::vector<std::pair<double, double>> counts;
  for (const ContactCount& at : CountContacts(branch->contacts))
    counts.emplace_back(at.time, at.count);
  return counts;
}

TEST(Contacts, AreCountedFromMomentToMoment) {
  EXPECT_THAT(Counts(Line("contact_began", 1) + Line("contact_began", 2, "a", "b") +
                     Line("contact_ended", 2, "a", "c") + Line("contact_ended", 4)),
              // The pair a, c was in contact from the start: one more before its end, at 2 s, where
              // another one begins.
              ElementsAre(Pair(0, 1), Pair(1, 2), Pair(2, 2), Pair(4, 1)));
}

TEST(Contacts, AreNoneWithoutTheirEvents) {
  EXPECT_THAT(Counts(R"({"type":"trained","t":1})"
                     "\n"),
              IsEmpty());
}

TEST(Contacts, ThatWereTakenBackDoNotCount) {
  const auto made = [](int moment, int parent) {
    return fmt::format(R"({{"v":2,"type":"moment_made","t":0,"moment":{},"parent":{}}})", moment,
                       parent) +
           "\n";
  };
  const auto went_to = [](int moment) {
    return R"({"v":2,"type":"restored","t":0})"
           "\n" +
           fmt::format(R"({{"v":2,"type":"went_to","t":0,"moment":{}}})", moment) + "\n";
  };
  const std::string two =
      Line("contact_began", 1) + made(1, 0) + Line("contact_ended", 3) + made(2, 1);
  EXPECT_THAT(Counts(two + went_to(1) + Line("contact_ended", 5) + made(3, 1)),
              ElementsAre(Pair(0, 0), Pair(1, 1), Pair(5, 0)));
  // What was left comes back with the moment: it was lost for good.
  EXPECT_THAT(Counts(two + went_to(0) + went_to(2) + Line("contact_began", 6) + made(3, 2)),
              ElementsAre(Pair(0, 0), Pair(1, 1), Pair(3, 0), Pair(6, 1)));
  // The same command given again ends in the same moment: what it did is told twice, and counts once.
  const std::string one = Line("contact_began", 1) + Line("contact_ended", 2) + made(1, 0);
  EXPECT_THAT(Counts(one + went_to(0) + one), ElementsAre(Pair(0, 0), Pair(1, 1), Pair(2, 0)));
  std::istringstream twice(one + went_to(0) + one);
  EXPECT_EQ(ReadLastBranch(twice, "events.jsonl")->contacts.size(), 2U);
  // A command that failed was taken back.
  EXPECT_THAT(Counts(Line("contact_began", 1) +
                     R"({"v":2,"type":"restored","t":0})"
                     "\n" +
                     Line("contact_began", 2) + made(1, 0)),
              ElementsAre(Pair(0, 0), Pair(2, 1)));
}

TEST(Contacts, PassOverALineThatIsCutOffAndRefuseABrokenOne) {
  const std::string whole = Line("contact_began", 1);
  EXPECT_THAT(Counts(whole + whole.substr(0, whole.size() / 2)),
              ElementsAre(Pair(0, 0), Pair(1, 1)));
  for (const char* bad :
       {R"({"type":"contact_began","t":1,"a":"x"})", R"({"type":"contact_ended",)",
        R"({"type":"contact_began","t":"1","a":"x","b":"y"})"}) {
    std::istringstream events(whole + bad + "\n");
    const auto contacts = ReadLastBranch(events, "events.jsonl");
    ASSERT_FALSE(contacts) << bad;
    EXPECT_EQ(contacts.error().code, ErrorCode::kFile);
    EXPECT_EQ(contacts.error().where, "events.jsonl:2");
  }
}

TEST(Contacts, HaveMeansOverEqualPartsOfTheTime) {
  // 2 until 1 s, then 4 until 3 s, then 0: of 4 s in two halves (2·1 + 4·1)/2 = 3 and 4·1/2 = 2.
  const std::vector<ContactCount> contacts = {{0, 2}, {1, 4}, {3, 0}};
  const auto means = MeanContacts(contacts, 4, 2);
  ASSERT_EQ(means.size(), 2U);
  EXPECT_DOUBLE_EQ(means[0].time, 1);
  EXPECT_DOUBLE_EQ(means[0].count, 3);
  EXPECT_DOUBLE_EQ(means[1].count, 2);
}

}  // namespace
}  // namespace delstep
