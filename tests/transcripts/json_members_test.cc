// Plays all transcripts of this folder with --json and looks at every member of every result: it must
// be in the list of console/commands/json_members.cc, be of the type that stands there, and name the
// command. tools/fill_json_members.py enters the commands.
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
#include "tests/transcripts/transcript.h"

namespace delstep {
namespace {

using nlohmann::json;

/// Whether the value is what the list says it is.
bool Fits(const json& value, std::string_view type) {
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
      if (member->type == "rows" || (value.is_array() && !value.empty() && value[0].is_object()))
        for (const json& row : value) Look(verb, row);
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
