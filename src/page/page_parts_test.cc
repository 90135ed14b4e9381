// The small parts: votes, marks of events, the page's text, the history.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "page/event_marks.h"
#include "page/history_json.h"
#include "page/page_html.h"
#include "page/votes.h"

namespace delstep {
namespace {

using Json = nlohmann::json;

TEST(Votes, OneAddressCannotFillAVote) {
  Votes votes;
  ASSERT_TRUE(votes.Ask("1", "Who?", {"ann"}));
  const auto vote = [&](std::size_t voter, std::string from) {
    return votes.Vote("1", {.choice = 0, .voter = std::to_string(voter), .from = std::move(from)});
  };
  for (std::size_t i = 0; i < Votes::kMostVotersOfAddress; ++i) ASSERT_TRUE(vote(i, "10.1.1.1"));
  EXPECT_FALSE(vote(Votes::kMostVotersOfAddress, "10.1.1.1"));
  EXPECT_TRUE(vote(0, "10.1.1.1"));  // who has voted may think again
  EXPECT_TRUE(vote(Votes::kMostVotersOfAddress, "10.1.1.2"));
  // The next question begins anew.
  ASSERT_TRUE(votes.Ask("2", "Who?", {"ann"}));
  EXPECT_TRUE(votes.Vote("2", {.choice = 0, .voter = "x", .from = "10.1.1.1"}));
}

TEST(Votes, CountTheLastVoteOfEachVoter) {
  Votes votes;
  EXPECT_EQ(Json::parse(votes.Json())["ask"], nullptr);
  ASSERT_TRUE(votes.Ask("12", "Who?", {"ann", "ben"}));
  ASSERT_TRUE(votes.Vote("12", {.choice = 0, .voter = "a", .from = "10.1.1.1"}));
  ASSERT_TRUE(votes.Vote("12", {.choice = 0, .voter = "b", .from = "10.1.1.1"}));
  ASSERT_TRUE(votes.Vote("12", {.choice = 1, .voter = "a", .from = "10.1.1.1"}));
  EXPECT_EQ(
      Json::parse(votes.Json()),
      Json::parse(R"({"ask":"12","question":"Who?","answers":["ann","ben"],"counts":[1,1]})"));
}

TEST(Votes, EndWithTheirQuestionAndStayToBeRead) {
  Votes votes;
  ASSERT_TRUE(votes.Ask("12", "Who?", {"ann", "ben"}));
  ASSERT_TRUE(votes.Vote("12", {.choice = 1, .voter = "a", .from = "10.1.1.1"}));
  votes.End("11");  // another question: nothing happens
  EXPECT_EQ(Json::parse(votes.Json())["ask"], "12");
  votes.End("12");
  EXPECT_EQ(
      Json::parse(votes.Json()),
      Json::parse(R"({"ask":null,"question":"Who?","answers":["ann","ben"],"counts":[0,1]})"));
  EXPECT_FALSE(votes.Vote("12", {.choice = 0, .voter = "b", .from = "10.1.1.1"}));
  // Asked once more it begins at zero, and who has voted may vote.
  ASSERT_TRUE(votes.Ask("12", "Who?", {"ann", "ben"}));
  EXPECT_EQ(Json::parse(votes.Json())["counts"], Json::parse("[0,0]"));
  EXPECT_TRUE(votes.Vote("12", {.choice = 0, .voter = "a", .from = "10.1.1.1"}));
}

TEST(Votes, BeginAnewWithEachQuestion) {
  Votes votes;
  ASSERT_TRUE(votes.Ask("1", "?", {"a"}));
  ASSERT_TRUE(votes.Vote("1", {.choice = 0, .voter = "x", .from = "10.1.1.1"}));
  ASSERT_TRUE(votes.Ask("2", "?", {"a"}));
  EXPECT_EQ(Json::parse(votes.Json())["counts"], Json::array({0}));
  EXPECT_FALSE(votes.Vote("1", {.choice = 0, .voter = "x", .from = "10.1.1.1"}));
}

TEST(Votes, RefuseWhatIsNoVote) {
  Votes votes;
  EXPECT_FALSE(votes.Vote("", {.choice = 0, .voter = "x", .from = "10.1.1.1"}));
  EXPECT_FALSE(votes.Ask("1", "?", {}));
  EXPECT_FALSE(votes.Ask("", "?", {"a"}));
  EXPECT_FALSE(votes.Ask("1", "?", std::vector<std::string>(27, "a")));
  ASSERT_TRUE(votes.Ask("1", "?", {"a", "b"}));
  EXPECT_FALSE(votes.Vote("1", {.choice = 2, .voter = "x", .from = "10.1.1.1"}));
  EXPECT_FALSE(votes.Vote("1", {.choice = 0, .voter = "", .from = "10.1.1.1"}));
  EXPECT_FALSE(votes.Vote("1", {.choice = 0, .voter = std::string(101, 'x'), .from = "10.1.1.1"}));
}

/// Notes events with their numbers.
struct Marked {
  EventMarks marks;
  std::uint64_t next = 0;
  void Note(Happening what, SimTime at = {}) {
    marks.Note({.at = at, .cycle = 0, .what = std::move(what)}, ++next);
  }
};

TEST(EventMarks, FindTheFirstEventAfterAMoment) {
  Marked marked;
  marked.Note(CycleAdvanced{});                                     // 0
  marked.Note(MomentMade{.moment = 1, .parent = 0, .branch = ""});  // 1
  EXPECT_EQ(marked.marks.EventAfter(1), 2u);
  marked.Note(CommandDone{});  // 2
  EXPECT_EQ(marked.marks.EventAfter(1), 3u);
  marked.Note(CommandDone{});  // a command that made no moment
  EXPECT_EQ(marked.marks.EventAfter(1), 3u);
  EXPECT_EQ(marked.marks.EventAfter(2), std::nullopt);
}

TEST(EventMarks, GiveEqualVersionsToEqualLinks) {
  Marked marked;
  marked.Note(MomentMade{.moment = 1, .parent = 0, .branch = ""});
  marked.Note(MomentMade{.moment = 2, .parent = 1, .branch = ""});
  marked.Note(LinkChanged{});
  marked.Note(MomentMade{.moment = 3, .parent = 2, .branch = ""});
  EXPECT_EQ(marked.marks.LinksVersion(1), marked.marks.LinksVersion(2));
  EXPECT_NE(marked.marks.LinksVersion(2), marked.marks.LinksVersion(3));
  // Back to 2: what follows has the links of 2, until they change to something new.
  marked.Note(WentTo{.moment = 2, .from = 3, .branch = ""});
  marked.Note(MomentMade{.moment = 4, .parent = 2, .branch = ""});
  EXPECT_EQ(marked.marks.LinksVersion(4), marked.marks.LinksVersion(2));
  marked.Note(LinkChanged{});
  marked.Note(MomentMade{.moment = 5, .parent = 4, .branch = ""});
  EXPECT_NE(marked.marks.LinksVersion(5), marked.marks.LinksVersion(4));
  EXPECT_NE(marked.marks.LinksVersion(5), marked.marks.LinksVersion(3));
}

TEST(EventMarks, RememberWhenMessagesWereSent) {
  Marked marked;
  marked.Note(Sent{.message = {.id = MessageId{7}}}, SimTime(Duration(20)));
  marked.Note(Sent{.message = {.id = MessageId{9}}}, SimTime(Duration(30)));
  EXPECT_EQ(marked.marks.SentAt(MessageId{7}), SimTime(Duration(20)));
  EXPECT_EQ(marked.marks.SentAt(MessageId{9}), SimTime(Duration(30)));
  for (const std::uint64_t never : {6u, 8u, 10u})
    EXPECT_EQ(marked.marks.SentAt(MessageId{never}), std::nullopt) << never;
}

TEST(PageWithNodes, PutsTheNodesAtTheirPlace) {
  const std::vector<std::pair<std::string, std::string>> nodes = {{"10.0.0.1", "<ann>"},
                                                                  {"10.0.0.2", ""}};
  const std::string list =
      "<ul id=\"nodes-text\"><li>10.0.0.1 &lt;ann&gt;</li><li>10.0.0.2</li></ul>";
  EXPECT_EQ(PageWithNodes("<body>a<!--nodes-->b</body>", nodes), "<body>a" + list + "b</body>");
  EXPECT_EQ(PageWithNodes("<body>a</body>", nodes), "<body>a" + list + "</body>");
  EXPECT_EQ(PageWithNodes("", nodes), list);
}

TEST(PageHtml, IsAPage) { EXPECT_NE(PageHtml().find("<html"), std::string_view::npos); }

TEST(HistoryJson, HasBranchesMarksAndWhatIsKept) {
  Moments moments({});
  moments.Add({.command = "train"});
  ASSERT_TRUE(moments.Mark("trained"));
  moments.Add({.at = SimTime(Duration(5)), .command = "ag"});
  const HistoryNotes notes{
      .version = 9,
      .since = {},
      .oldest = 1,
      .why_not = {},
      .kept = [](MomentNumber n) { return n > 0; },
      .event =
          [](MomentNumber n) { return n == 1 ? std::optional<std::uint64_t>(17) : std::nullopt; }};
  EXPECT_EQ(Json::parse(HistoryJson(moments, notes)), Json::parse(R"({
    "version":9,"present":2,"branch":"main","oldest":1,"goes_back":true,"why_not":null,
    "branches":[{"branch":"main","last":2}],"marks":[{"mark":"trained","moment":1}],
    "moments":[
      {"moment":0,"parent":null,"branch":"main","t":0,"cycle":0,"cmd":"","kept":false,"event":null},
      {"moment":1,"parent":0,"branch":"main","t":0,"cycle":0,"cmd":"train","kept":true,"event":17},
      {"moment":2,"parent":1,"branch":"main","t":5,"cycle":0,"cmd":"ag","kept":true,"event":null}]})"));
  HistoryNotes newer = notes;
  newer.since = 1;
  EXPECT_EQ(Json::parse(HistoryJson(moments, newer))["moments"].size(), 1u);
}

}  // namespace
}  // namespace delstep
