// A record as `delstep view` reads it: the history, the events by their numbers, places.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "page/recorded_events.h"
#include "page/recorded_history.h"
#include "page/recorded_places.h"
#include "page/run_page.h"

namespace delstep {
namespace {

using Json = nlohmann::json;

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
    ASSERT_TRUE(history.Note(line));
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
    ASSERT_TRUE(
        history.Note(fmt::format(R"({{"v":2,"type":"{}","t":0,"cycle":0{}}})", type, more)));
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
  note("restored");
  note("went_to", R"(,"moment":0,"from_moment":2,"branch":"main")");
  EXPECT_EQ(history.nodes(), 300u);
  note("node_removed");  // of a command that is taken back
  note("restored");
  note("command_done", R"(,"command":"run 1s","code":1,"message":"")");
  note("node_removed");
  made(3, 0);
  EXPECT_EQ(history.nodes(), 299u);
  EXPECT_EQ(history.WayBack(2), (std::vector<std::uint64_t>{2, 1, 0}));
  EXPECT_EQ(history.WayBack(3), (std::vector<std::uint64_t>{3, 0}));
  EXPECT_EQ(history.WayBack(9), (std::vector<std::uint64_t>{}));
}

TEST(RecordedHistory, RefusesLinesThatAreNoEventsAndStaysAsItWas) {
  RecordedHistory history;
  const std::string before = history.ToJson();
  for (const char* line :
       {"", "{", "null", "[1,2]", "{\"garbage", "\xff\xfe", R"({"t":0})",
        R"({"type":"moment_made"})",
        R"({"type":"moment_made","moment":"x","parent":0,"branch":"main"})",
        R"({"type":"moment_made","moment":1,"parent":-5,"branch":"main"})",
        R"({"type":"went_to","moment":-1,"branch":"main"})", R"({"type":"mark_set","moment":0})",
        R"({"type":"command_done","command":})"}) {
    const auto noted = history.Note(line);
    ASSERT_FALSE(noted) << line;
    EXPECT_EQ(noted.error().code, ErrorCode::kFile);
  }
  EXPECT_EQ(history.ToJson(), before);
  EXPECT_TRUE(history.Note(R"({"type":"trained"})"));  // what does not matter here
  EXPECT_TRUE(history.Note(R"({"type":"moment_made","moment":1,"parent":0,"branch":"main"})"));
  EXPECT_EQ(history.present(), 1u);
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
  std::ofstream(file) << "1\n2\n3\n4";  // the last one was cut off
  std::vector<std::string> seen;
  const auto see = [&](std::string_view line) -> Result<void> {
    seen.emplace_back(line);
    return {};
  };
  const auto events = RecordedEvents::Open(file, see);
  ASSERT_TRUE(events);
  EXPECT_EQ(seen, (std::vector<std::string>{"1", "2", "3"}));
  EXPECT_EQ(events->count(), 3u);
  EXPECT_TRUE(events->is_cut_off());
  EXPECT_EQ(events->PlaceOf(3), file.string() + ":4");
  EXPECT_EQ(events->Range({.since = 1})->list, "[2,3]");
  EXPECT_EQ(events->Range({.since = 0, .events = 2})->next, 2u);
  EXPECT_EQ(events->Range({.since = 7})->list, "[]");
  EXPECT_FALSE(RecordedEvents::Open("none.jsonl", see));
}

TEST(RecordedEvents, GivesAsManyLinesAsFitIntoTheBytes) {
  const std::filesystem::path file = testing::TempDir() + "sized_events.jsonl";
  std::ofstream(file) << "11\n22\n33\n";
  const auto events = RecordedEvents::Open(file, [](std::string_view) { return Result<void>(); });
  ASSERT_TRUE(events);
  const auto list = [&](std::size_t bytes) {
    return events->Range({.since = 0, .bytes = bytes})->list;
  };
  EXPECT_EQ(list(1), "[11]");  // one at least
  EXPECT_EQ(list(4), "[11]");
  EXPECT_EQ(list(5), "[11,22]");  // the two lines and the comma
  EXPECT_EQ(list(8), "[11,22,33]");
}

// To read a mapped file beyond its new end is SIGBUS, and the program was gone.
TEST(RecordedEvents, SaysThatTheFileWasCutShortWhileItWasLookedAt) {
  const std::filesystem::path file = testing::TempDir() + "shrunk_events.jsonl";
  std::ofstream(file) << "1\n2\n3\n";
  const auto events = RecordedEvents::Open(file, [](std::string_view) { return Result<void>(); });
  ASSERT_TRUE(events);
  std::filesystem::resize_file(file, 4);
  EXPECT_EQ(events->Range({.since = 0, .events = 2})->list, "[1,2]");
  for (const std::uintmax_t left : {4, 0}) {
    std::filesystem::resize_file(file, left);
    const auto range = events->Range({});
    ASSERT_FALSE(range) << left;
    EXPECT_EQ(range.error().code, ErrorCode::kFile);
    EXPECT_NE(range.error().message.find(file.string()), std::string::npos);
  }
}

TEST(RecordedEvents, NamesTheLineThatIsDamaged) {
  const std::filesystem::path file = testing::TempDir() + "damaged_events.jsonl";
  std::ofstream(file) << "1\n{\"a\":}\n3\n";
  const auto events = RecordedEvents::Open(file, [](std::string_view) { return Result<void>(); });
  ASSERT_TRUE(events);
  EXPECT_FALSE(events->is_cut_off());
  const auto range = events->Range({});
  ASSERT_FALSE(range);
  EXPECT_EQ(range.error().where, file.string() + ":2");
  EXPECT_EQ(events->Range({.since = 2})->list, "[3]");
  const auto refused = RecordedEvents::Open(file, [](std::string_view line) -> Result<void> {
    if (line == "3") return NoEvent(line);
    return {};
  });
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().where, file.string() + ":3");
}

// Another type of a member went out as an exception of the library, and ended the program; without
// nodes the page was given a greeting that is no JSON.
TEST(RunPage, RefusesAStartThatIsNoneByItsName) {
  const std::filesystem::path folder = testing::TempDir() + "damaged_start";
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "events.jsonl") << "{\"v\":2,\"type\":\"trained\"}\n";
  const auto open = [&](std::string_view start) {
    std::ofstream(folder / "start.json") << start;
    return RunPage::Open(folder);
  };
  for (const char* start :
       {"", "{", "null", "[]", "[[]]", "{}", R"({"hello":5})", R"({"hello":[1]})",
        R"({"hello":{}})", R"({"hello":{"nodes":{}}})", R"({"hello":{"nodes":[7]}})",
        R"({"hello":{"nodes":[{"node":5,"name":""}]}})",
        R"({"hello":{"nodes":[{"node":"10.0.0.1","name":null}]}})",
        R"({"hello":{"nodes":[{"node":"10.0.0.1"}]}})", R"({"hello":{"nodes":[]}})",
        R"({"hello":{"nodes":[]},"state":null,"links":{}})",
        R"({"hello":{"nodes":[]},"state":{},"links":[]})"}) {
    const auto page = open(start);
    ASSERT_FALSE(page) << start;
    EXPECT_EQ(page.error().code, ErrorCode::kFile);
    EXPECT_NE(page.error().message.find("start.json"), std::string::npos);
  }
  for (const char* start :
       {R"({"hello":{"nodes":[]},"state":{},"links":{}})",
        R"({"hello":{"nodes":[]},"state":{"groups":3,"nodes":[0]},"links":{}})",
        R"({"hello":{"nodes":[]},"state":{"groups":[[1]],"nodes":{"index":"x"}},"links":{}})",
        R"({"hello":{"nodes":[{"node":"10.0.0.1","name":"ann"}]},"state":{},"links":{}})"}) {
    const auto page = open(start);
    ASSERT_TRUE(page) << start;
    PageQuestion hello;
    hello.path = "/api/hello";
    EXPECT_TRUE(Json::accept((*page)->Get(hello).body));
  }
}

class RunPageOfRecord : public testing::Test {
 protected:
  static constexpr std::string_view kStart =
      R"({"hello":{"nodes":[{"node":"10.0.0.1","name":""},{"node":"10.0.0.2","name":""}]},)"
      R"("state":{"nodes":{"index":[0,1]}},"links":{}})";

  Json HistoryOf(std::string_view events) {
    const std::filesystem::path folder = testing::TempDir() + "record";
    std::filesystem::create_directories(folder);
    std::ofstream(folder / "start.json") << kStart;
    std::ofstream(folder / "events.jsonl") << events;
    const auto page = RunPage::Open(folder);
    EXPECT_TRUE(page);
    StreamHub& hub = (*page)->hub();
    const auto client = hub.Join({});
    const std::string stream = *hub.Next(*client);
    hub.Leave(*client);
    constexpr std::string_view kPresent = "event: present\ndata: ";
    const std::size_t begin = stream.find(kPresent) + kPresent.size();
    present_ = Json::parse(stream.substr(begin, stream.find('\n', begin) - begin));
    PageQuestion question;
    question.path = "/api/history";
    return Json::parse((*page)->Get(question).body);
  }
  Json present_;
};

constexpr std::string_view kAddsThird =
    "{\"v\":2,\"type\":\"node_added\",\"t\":0,\"cycle\":0,\"node\":\"10.0.0.3\",\"name\":\"\"}\n"
    "{\"v\":2,\"type\":\"moment_made\",\"t\":0,\"cycle\":0,\"moment\":5,\"parent\":4,\"branch\":"
    "\"main\"}\n";

// A resumed run whose first command adds a node was taken for a fresh one, and its first moment hung on
// one that nothing tells of.
TEST_F(RunPageOfRecord, OfAResumedRunGoesOnFromItsStart) {
  const Json history = HistoryOf(kAddsThird);
  EXPECT_EQ(history["moments"][0]["event"], 0);
  EXPECT_EQ(history["moments"][1]["moment"], 5);
  EXPECT_EQ(history["moments"][1]["parent"], 0);
  EXPECT_EQ(present_["nodes"], 3);
}

TEST_F(RunPageOfRecord, OfAFreshRunBeginsWithALineForEachNode) {
  std::string events;
  for (const char* node : {"10.0.0.1", "10.0.0.2"})
    events += fmt::format(
        "{{\"v\":2,\"type\":\"node_added\",\"t\":0,\"cycle\":0,\"node\":\"{}\",\"name\":\"\"}}\n",
        node);
  EXPECT_EQ(HistoryOf(events + std::string(kAddsThird))["moments"][0]["event"], 2);
  EXPECT_EQ(present_["nodes"], 3);
}

TEST_F(RunPageOfRecord, WithoutEventsHasTheNodesOfTheStart) {
  HistoryOf("");
  EXPECT_EQ(present_["nodes"], 2);
}

}  // namespace
}  // namespace delstep
