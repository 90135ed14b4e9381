// Plays the conversations NAME.del of this folder: a line that begins with "> " is typed, the lines
// below it are what comes back ("! " before what goes to the standard error).
// DELSTEP_REWRITE_TRANSCRIPTS=1 writes what comes back into the files instead of comparing. A line
// "% key=value ..." before the first command changes the configuration, "% -" makes the session
// stop at the first error, "% json" makes it speak JSON.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <regex>
#include <sstream>

#include "base/text.h"
#include "console/session/session.h"
#include "delstep/registry.h"

namespace delstep {
namespace {

const std::filesystem::path kFolder =
    std::filesystem::path(DELSTEP_SOURCE_DIR) / "tests/transcripts";

std::string ReadAll(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

/// Sizes of the process differ between machines.
std::string Stable(const std::string& line) {
  static const std::regex kProcess("(process )[0-9.]+ [KMG]?i?B|(\"memory_resident\":)[0-9]+");
  return std::regex_replace(line, kProcess, "$1$2<size>");
}

struct Conversation {
  std::vector<std::string> overrides = {"data.name=blobs", "nodes.count=4", "training.threads=1",
                                        "portable=true"};
  SessionOptions options{.interactive = false, .keep_going = true};
};

class Player {
 public:
  explicit Player(const Conversation& conversation) {
    auto config = Config::Load(registry_, {}, {}, conversation.overrides);
    if (!config) throw std::runtime_error(config.error().message);
    config_ = *std::move(config);
    auto simulation = Simulation::Create(config_.scenario(), registry_);
    if (!simulation) throw std::runtime_error(simulation.error().message);
    simulation_ = *std::move(simulation);
    auto session = Session::Create(*simulation_, config_, registry_, conversation.options,
                                   {[this](std::string_view text) { Say("", text); },
                                    [this](std::string_view text) { Say("! ", text); }});
    if (!session) throw std::runtime_error(session.error().message);
    session_ = *std::move(session);
  }

  std::string Type(std::string_view line) {
    said_.clear();
    if (!session_->FeedLine(line))
      said_ += "(the program ends with " + std::to_string(session_->exit_code()) + ")\n";
    return std::move(said_);
  }

 private:
  void Say(std::string_view mark, std::string_view text) {
    while (!text.empty()) {
      const auto end = text.find('\n');
      said_ += std::string(mark) + Stable(std::string(text.substr(0, end))) + '\n';
      text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
  }

  Registry registry_ = MakeRegistry({});
  Config config_{registry_};
  std::unique_ptr<Simulation> simulation_;
  std::unique_ptr<Session> session_;
  std::string said_;
};

void ReadSetting(std::string_view setting, Conversation& conversation) {
  for (const std::string_view word : Split(setting, ' ')) {
    if (word == "-") {
      conversation.options.keep_going = false;
    } else if (word == "json") {
      conversation.options.json = true;
    } else if (word == "quiet") {
      conversation.options.quiet = true;
    } else {
      conversation.overrides.emplace_back(word);
    }
  }
}

/// The file with what comes back now.
std::string Play(const std::string& text) {
  Conversation conversation;
  std::unique_ptr<Player> player;
  std::string played;
  for (const std::string_view line : Split(text, '\n')) {
    if (line.starts_with("% ")) ReadSetting(line.substr(2), conversation);
    if (line.starts_with("% ") || (!player && line.starts_with("#")) || (!player && line.empty())) {
      played += std::string(line) + '\n';
    } else if (line.starts_with("> ") || line == ">") {
      if (!player) player = std::make_unique<Player>(conversation);
      played += std::string(line) + '\n' +
                player->Type(line.substr(std::min<std::size_t>(2, line.size())));
    }
  }
  return played;
}

class Transcript : public testing::TestWithParam<std::string> {};

TEST_P(Transcript, ComesBackAsWritten) {
  const auto old_folder = std::filesystem::current_path();
  const auto scratch = std::filesystem::path(testing::TempDir()) / ("transcript-" + GetParam());
  std::filesystem::create_directories(scratch);
  const auto path = kFolder / (GetParam() + ".del");
  const std::string expected = ReadAll(path);
  std::filesystem::current_path(scratch);
  const std::string played = Play(expected);
  std::filesystem::current_path(old_folder);
  std::filesystem::remove_all(scratch);
  if (std::getenv("DELSTEP_REWRITE_TRANSCRIPTS")) {
    std::ofstream(path, std::ios::binary) << played;
  } else {
    EXPECT_EQ(played, expected);
  }
}

std::vector<std::string> Names() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(kFolder))
    if (entry.path().extension() == ".del") names.push_back(entry.path().stem().string());
  std::ranges::sort(names);
  return names;
}

INSTANTIATE_TEST_SUITE_P(All, Transcript, testing::ValuesIn(Names()),
                         [](const auto& param) { return param.param; });

}  // namespace
}  // namespace delstep
