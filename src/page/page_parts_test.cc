// The small parts: votes, marks of events, the page's text, the history, a record.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "page/event_marks.h"
#include "page/history_json.h"
#include "page/page_html.h"
#include "page/recorded_events.h"
#include "page/recorded_history.h"
#include "page/recorded_places.h"
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

TEST(RecordedHistory, FollowsTheEvents) {
  RecordedHistory history;
  for (const char* line :
       {R"({"v":2,"type":"node_added","t":0,"cycle":0,"node":"10.0.0.1"})",
        R"({"v":2,"type":"moment_made","t":5,"cycle":0,"moment":1,"parent":0,"branch":"main"})",
        R"({"v":2,"type":"command_done","t":5,"cycle":0,"command":"train","code":0,"message":""})",
        R"({"v":2,"type":"mark_set","t":5,"cycle":0,"mark":"here","moment":1})",
        R"({"v":2,"type":"went_to","t":0,"cycle":0,"moment":0,"from_moment":1,"branch":"main"})",
        R"({"v":2,"type":"branch_made","t":0,"cycle":0,"branch":"main-2","moment":0})",
        R"({"v":2,"type":"moment_made","t":7,"cycle":1,"moment":2,"parent":0,"branch":"main-2"})",
        R"({"v":2,"type":"command_done","t":7,"cycle":1,"command":"ag","code":0,"message":""})"})
    EXPECT_TRUE(history.Note(line));
  const Json json = Json::parse(history.ToJson());
  EXPECT_EQ(json["present"], 2);
  EXPECT_EQ(json["branch"], "main-2");
  EXPECT_EQ(json["branches"],
            Json::parse(R"([{"branch":"main","last":1},{"branch":"main-2","last":2}])"));
  EXPECT_EQ(json["marks"], Json::parse(R"([{"mark":"here","moment":1}])"));
  EXPECT_EQ(json["moments"][1],
            Json::parse(R"({"moment":1,"parent":0,"branch":"main","t":5,"cycle":0,
    "cmd":"train","kept":false,"event":3})"));
  EXPECT_EQ(json["moments"][2]["parent"], 0);
  EXPECT_EQ(json["moments"][2]["event"], 8);
  EXPECT_EQ(history.time(), 7);
}

TEST(RecordedHistory, CountsTheNodesOfThePresentMoment) {
  RecordedHistory history;
  history.Begin({.nodes = 300, .lines = 1});
  const auto note = [&](std::string_view type, std::string_view more = "") {
    history.Note(fmt::format(R"({{"v":2,"type":"{}","t":0,"cycle":0{}}})", type, more));
  };
  const auto made = [&](int moment, int parent) {
    note("moment_made", fmt::format(R"(,"moment":{},"parent":{},"branch":"main")", moment, parent));
  };
  note("node_added");  // one of the 300
  EXPECT_EQ(history.nodes(), 300u);
  note("node_added");
  note("node_added");
  made(1, 0);
  EXPECT_EQ(history.nodes(), 302u);
  note("node_removed");
  made(2, 1);
  EXPECT_EQ(history.nodes(), 301u);
  note("node_removed");  // of a command whose moment is gone back from before it is made
  note("went_to", R"(,"moment":0,"from_moment":2,"branch":"main")");
  EXPECT_EQ(history.nodes(), 300u);
  note("node_removed");
  made(3, 0);
  EXPECT_EQ(history.nodes(), 299u);
  EXPECT_EQ(history.WayBack(2), (std::vector<std::uint64_t>{2, 1, 0}));
  EXPECT_EQ(history.WayBack(3), (std::vector<std::uint64_t>{3, 0}));
  EXPECT_EQ(history.WayBack(9), (std::vector<std::uint64_t>{}));
}

// A page cannot open what has such a line, so that opening the record has to tell.
TEST(RecordedHistory, KnowsLinesThatAreDamagedAndLivesWithThem) {
  RecordedHistory history;
  for (const char* line :
       {"", "{", R"({"type":"moment_made"})", R"({"type":"moment_made","moment":"x"})",
        R"({"type":"went_to","moment":-1)", R"({"type":"moment_made","moment":1,"parent":"0"})",
        R"({"type":"mark_set","mark":3,"moment":1})", R"({"t":0})"})
    EXPECT_FALSE(history.Note(line)) << line;
  EXPECT_TRUE(history.Note(R"({"type":"of_a_later_version","moment":"x"})"));
  EXPECT_TRUE(Json::accept(history.ToJson()));
}

TEST(RecordedPlaces, AreThoseOfTheLastMomentThatTellsOfANode) {
  const std::filesystem::path file = testing::TempDir() + "positions.csv";
  std::ofstream(file) << "moment,sim_time,node,x,y\n"
                         "0,0,10.0.0.1,1,2\n0,0,10.0.0.2,3,4\n"
                         "1,5,10.0.0.2,3.5,4.25\n"  // the first one stands still
                         "2,9,10.0.0.3,-1,1e-05\n"  // one has come; rounded to four decimals
                         "3,5,10.0.0.1,9,9\n"       // after an undo of 2
                         "2,9,10.0.0.3,-2,0\n"      // 2 again: its last rows count
                         "3,x,10.0.0.1,y,9\n3,5\n"  // damaged
                         "3,5,10.0.0.1,8,8";        // cut off
  const auto places = RecordedPlaces::Open(file);
  ASSERT_TRUE(places);
  const auto at = [&](std::vector<std::uint64_t> back) {
    return Json::parse(places->ToJson(back));
  };
  EXPECT_EQ(at({0}), Json::parse(R"({"node":["10.0.0.1","10.0.0.2"],"x":[1,3],"y":[2,4]})"));
  EXPECT_EQ(at({1, 0}),
            Json::parse(R"({"node":["10.0.0.1","10.0.0.2"],"x":[1,3.5],"y":[2,4.25]})"));
  EXPECT_EQ(at({2, 1, 0})["x"], Json({1, 3.5, -2}));
  EXPECT_EQ(at({3, 1, 0})["x"], Json({9, 3.5}));
  EXPECT_FALSE(RecordedPlaces::Open("none.csv"));
}

TEST(RecordedEvents, HasWholeLinesByTheirNumbers) {
  const std::filesystem::path file = testing::TempDir() + "events.jsonl";
  std::ofstream(file) << "{}\n{\"a\":2}\n{\"a\":3}\n{\"a";  // the last one was cut off
  std::vector<std::string> seen;
  const auto events = RecordedEvents::Open(
      file, [&](std::string_view line) { return !seen.emplace_back(line).empty(); });
  ASSERT_TRUE(events);
  EXPECT_EQ(seen, (std::vector<std::string>{"{}", R"({"a":2})", R"({"a":3})"}));
  EXPECT_EQ(events->count(), 3u);
  EXPECT_EQ(events->Range({.since = 1}).list, R"([{"a":2},{"a":3}])");
  EXPECT_EQ(events->Range({.since = 0, .events = 2}).next, 2u);
  EXPECT_EQ(events->Range({.since = 7}).list, "[]");
  EXPECT_EQ(events->cut_off(), std::string_view(R"({"a)").size());
  const auto any = [](std::string_view) { return true; };
  EXPECT_FALSE(RecordedEvents::Open("none.jsonl", any));
  // Lines go to pages as they are.
  for (const char* line : {"", "2", R"({"a)", "{} {}", "{\"a\":\"\xff\"}"}) {
    std::ofstream(file) << "{}\n" << line << "\n{}\n";
    const auto damaged = RecordedEvents::Open(file, any);
    ASSERT_FALSE(damaged) << line;
    EXPECT_TRUE(damaged.error().where.ends_with("jsonl:2")) << damaged.error().where;
  }
}

}  // namespace
}  // namespace delstep
