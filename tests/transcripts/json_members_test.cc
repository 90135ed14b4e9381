// Plays all transcripts of this folder with --json and looks at every member of every result: it
// must be in the list of console/commands/json_members.cc, be of the type that stands there, and
// name the command. tools/fill_json_members.py enters the commands.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "base/text.h"
#include "console/commands/command_table.h"
#include "console/commands/json_members.h"
#include "console/session/session.h"
#include "delstep/registry.h"
#include "scenario/catalogue.h"
#include "tests/fakes/failing_network.h"
#include "tests/transcripts/transcript.h"

namespace delstep {
namespace {

using nlohmann::json;

/// Whether the value is what the list says it is.
bool Fits(const json& value, std::string_view type) {
  if (const auto bar = type.find(" | "); bar != type.npos)
    return Fits(value, type.substr(0, bar)) || Fits(value, type.substr(bar + 3));
  if (type == "pair") return value.is_array() && value.size() == 2;
  if (type.ends_with('?')) return value.is_null() || Fits(value, type.substr(0, type.size() - 1));
  if (type == "count" || type == "bytes") return value.is_number_unsigned();
  if (type == "time") return value.is_number_integer();
  if (type == "number") return value.is_number();
  if (type == "text" || type == "address") return value.is_string();
  if (type == "bool") return value.is_boolean();
  if (type == "list" || type == "rows") return value.is_array();
  if (type == "object") return value.is_object();
  return type == "value";
}

class MembersSeen {
 public:
  void Look(const std::string& verb, const json& object) {
    for (const auto& [name, value] : object.items()) {
      verbs_[name].insert(verb);
      const JsonMember* member = FindJsonMember(name);
      if (member == nullptr) {
        ADD_FAILURE() << verb << " answers with a member '" << name
                      << "' that json_members.cc does not describe: " << value;
        continue;
      }
      EXPECT_TRUE(Fits(value, member->type))
          << verb << ": " << name << " is " << value << ", not " << member->type;
      EXPECT_GT(std::ranges::count(Split(member->verbs, ' '), verb), 0)
          << "json_members.cc: '" << name << "' is a member of the answer of '" << verb << "'";
      if (member->type.starts_with("rows") ||
          (value.is_array() && !value.empty() && value[0].is_object()))
        for (const json& row : value)
          if (row.is_object()) Look(verb, row);
      if (name == "nstep") Look("nstep", value);
    }
  }
  const std::map<std::string, std::set<std::string>>& verbs() const { return verbs_; }

 private:
  std::map<std::string, std::set<std::string>> verbs_;
};

void LookAt(std::string_view line, MembersSeen& seen) {
  const json answer = json::parse(line, nullptr, false);
  ASSERT_TRUE(answer.is_object()) << line;
  if (!answer.at("result").is_object()) return;
  const std::string command = answer.at("cmd");
  seen.Look(command.substr(0, command.find(' ')), answer["result"]);
}

std::vector<std::string> OverridesOf(const Transcript& transcript) {
  std::vector<std::string> overrides = {"data.name=blobs", "nodes.count=4", "training.threads=1",
                                        "portable=true"};
  for (const std::string& line : transcript.head)
    if (line.starts_with("% "))
      for (const std::string_view word : Split(std::string_view(line).substr(2), ' '))
        if (word.find('=') != std::string_view::npos && !word.starts_with("width="))
          overrides.emplace_back(word);
  return overrides;
}

void PlayAsJson(const std::filesystem::path& path, MembersSeen& seen) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  const Transcript transcript = ParseTranscript(text.str());
  Registry registry = MakeRegistry({});
  Config config = *Config::Load(registry, {}, {}, OverridesOf(transcript));
  const auto simulation = *Simulation::Create(config.scenario(), registry);
  std::string err;
  const auto session = *Session::Create(
      *simulation, config, registry, {.keep_going = true, .json = true},
      {[&](std::string_view line) { LookAt(line, seen); }, [&](std::string_view t) { err += t; }});
  for (const Turn& turn : transcript.turns) session->FeedLine(turn.typed);
  EXPECT_EQ(err, "") << path;
}

TEST(JsonMembers, EveryMemberOfEveryReplyIsDescribed) {
  const auto old_folder = std::filesystem::current_path();
  const auto scratch = std::filesystem::path(testing::TempDir()) / "json-members";
  std::filesystem::create_directories(scratch);
  std::filesystem::current_path(scratch);
  MembersSeen seen;
  for (const auto& entry : std::filesystem::directory_iterator(
           std::filesystem::path(DELSTEP_SOURCE_DIR) / "tests/transcripts"))
    if (entry.path().extension() == ".del") PlayAsJson(entry.path(), seen);
  std::filesystem::current_path(old_folder);
  std::filesystem::remove_all(scratch);
  if (std::getenv("DELSTEP_PRINT_MEMBERS") == nullptr) return;
  for (const auto& [name, verbs] : seen.verbs())
    std::cout << "member " << name << ": "
              << Join(std::vector<std::string>(verbs.begin(), verbs.end()), " ") << '\n';
}

// One of every row of the command table and of what its words may be: members must not wait for a
// transcript to be seen.
constexpr const char* kEveryForm = R"(config show --origin training
send 10.0.0.1 10.0.0.2
send 10.0.0.1 10.0.0.3
messages
messages 10.0.0.1
drop 1
resend 0
deliver 2 0
set training.lr 0.01
set training.lr 0.02 10.0.0.1
config show node 10.0.0.1
config show training
set network.loss 0
node add name eve like 10.0.0.1
node add 10.0.0.9 like 10.0.0.1
node down eve
node up eve
node down 10.0.0.9
data show
group create east 10.0.0.[1-2]
group create west
group list
group roster east
group membership 10.0.0.1
group east add 10.0.0.3 10.0.0.1
group east remove 10.0.0.3 10.0.0.4
group east train
group east share
nstep
nstep 10.0.0.1
nstep all 20ms
nstep 20ms
at 1h { cycle; echo late }
every 2h stats
schedule
schedule delete 2
send 10.0.0.1 10.0.0.2
next 0
next
next 2
run 10ms
run until clock > 0 for 10ms
move 10.0.0.1 0.5 0.5
positions
positions 10.0.0.1
encounters
encounters 10.0.0.1
group east ag
group east test
group east test local by class
group east test global
group east test group east
group east step
train all
exchange 10.0.0.1 10.0.0.2
send 10.0.0.1 10.0.0.3
flood all
gossip 2
nstep
why 10.0.0.2
why 10.0.0.2 10.0.0.1
guestbook all
ag all
step
test by class
test all local
test global by class
test 10.0.0.1 group east by class
confusion 10.0.0.1
confusion all local
confusion 10.0.0.1 group east
lrate 0.5 all
labels 10.0.0.1 noise 0.2
labels 10.0.0.1 flip 0 1
labels 10.0.0.1 flip all
labels 10.0.0.1 restore
attack sign-flip 10.0.0.1
attack noise 0.5 10.0.0.1
attack zero 10.0.0.1
attack scale 2 10.0.0.1
attack same 10.0.0.1
attack off 10.0.0.1
link 0.9
link 10.0.0.1 10.0.0.2
link 10.0.0.1 10.0.0.2 loss 0.1 latency 1ms bandwidth 1Mbps up oneway
link 10.0.0.1 10.0.0.2 down
link 10.0.0.[1-3] loss 0.2
link all latency normal(2ms,1ms)
link all
link
link default 10.0.0.1
neighborhood
status
status 10.0.0.1
stats
stats memory
stats mixing
stats links
stats nodes
stats links 10.0.0.1
stats nodes 10.0.0.1
log
log results
cycle
save results every.csv
save topology every.json
save topology every.edges
export 10.0.0.1 every.npz
import 10.0.0.2 every.npz
export all every-{}.npz
expect lost >= 0 and clock >= 0 or test_acc(count) > 0
break lost > 100
break meet 10.0.0.1 10.0.0.2
break
break delete 2
break delete all
echo every form
pause
autonet on
train 10.0.0.1
autonet off
help
help metrics
help train
load every.del
repeat 2 cycle
group delete east
node remove eve
history
history 2
mark here
branch other
branch
undo
redo
diff 0
diff here main
hash
hash all
switch main
goto here
branch delete other
scenario list
scenario show mnist-12
network show
network restart
page 0
page off
reset
checkpoint every.ckpt
exit
)";

/// Only such a network can be started again.
std::shared_ptr<fakes::NetworkFault> WithAProgramBehindIt() {
  auto fault = std::make_shared<fakes::NetworkFault>();
  fault->version = "failing 1.0";
  return fault;
}

/// As the program would, on a port of its own choice.
Result<std::optional<PagePlace>> ServeNoPage(const PageRequest& request) {
  if (request.off) return std::optional<PagePlace>();
  return std::optional(PagePlace{.address = "127.0.0.1", .port = 8642});
}

TEST(JsonMembers, EveryFormOfEveryCommandIsDescribed) {
  LookForScenariosIn({DELSTEP_SOURCE_DIR "/scenarios"});
  const auto old_folder = std::filesystem::current_path();
  const auto scratch = std::filesystem::path(testing::TempDir()) / "json-every-form";
  std::filesystem::create_directories(scratch);
  std::filesystem::current_path(scratch);
  std::ofstream("every.del") << "cycle\n";
  Registry registry = MakeRegistry({});
  fakes::AddFailingNetwork(registry, WithAProgramBehindIt());
  const std::vector<std::string> overrides = {"data.name=blobs", "nodes.count=4",
                                              "training.threads=1", "portable=true",
                                              "network.backend=failing"};
  Config config = *Config::Load(registry, {}, {}, overrides);
  const auto simulation = *Simulation::Create(config.scenario(), registry);
  MembersSeen seen;
  const auto session =
      *Session::Create(*simulation, config, registry, {.keep_going = true, .json = true},
                       {.out =
                            [&](std::string_view line) {
                              // All must come to a result: a refusal shows no members.
                              EXPECT_NE(line.find("\"ok\":true"), line.npos) << line;
                              LookAt(line, seen);
                            },
                        .err = [](std::string_view) {},
                        .page_server = ServeNoPage});
  std::set<const Command*> had;
  for (const std::string_view line : Split(std::string_view(kEveryForm), '\n')) {
    if (line.empty()) continue;
    const ReadScript read = ParseScript(std::string(line), "every");
    const auto call = MatchCommand(read.script->statements.front().words);
    ASSERT_TRUE(call.ok()) << line;
    had.insert(call->command);
    session->FeedLine(line);
  }
  for (const Command& command : Commands())
    EXPECT_TRUE(had.contains(&command)) << "no line for: " << command.usage;
  std::filesystem::current_path(old_folder);
  std::filesystem::remove_all(scratch);
}

TEST(JsonMembers, TheListIsSortedAndNamesCommands) {
  std::string_view before;
  for (const JsonMember& member : JsonMembers()) {
    EXPECT_LT(before, member.name);
    before = member.name;
    EXPECT_FALSE(member.meaning.empty()) << member.name;
    for (const std::string_view verb : Split(member.verbs, ' ')) {
      const auto known = std::ranges::count(Verbs(), std::string(verb));
      EXPECT_EQ(known, 1) << member.name << ": '" << verb << "' is no command";
    }
  }
}

}  // namespace
}  // namespace delstep
