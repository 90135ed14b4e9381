// Plays the conversations NAME.del of this folder (transcript.h tells how they are written) and
// compares what comes back. DELSTEP_REWRITE_TRANSCRIPTS=1 writes what comes back into the files
// instead, and keeps comments and the patterns that still fit; read the difference before you commit
// it. Where CI=true nothing is rewritten: nobody would read it.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>

#include "base/text.h"
#include "console/session/session.h"
#include "delstep/registry.h"
#include "tests/transcripts/transcript.h"

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

/// JSON says the size of the process in the middle of long lines, where a pattern would be all
/// backslashes.
std::string Stable(std::string line) {
  constexpr std::string_view kSize = "\"memory_resident\":";
  const auto key = line.find(kSize);
  if (key == line.npos) return line;
  const auto begin = key + kSize.size();
  return line.replace(begin, line.find_first_not_of("0123456789", begin) - begin, "<size>");
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

  /// Returns the lines that come back.
  std::vector<std::string> Type(std::string_view line) {
    said_.clear();
    if (!session_->FeedLine(line))
      said_.push_back("(the program ends with " + std::to_string(session_->exit_code()) + ")");
    return std::move(said_);
  }

 private:
  void Say(const std::string& mark, std::string_view text) {
    while (!text.empty()) {
      const auto end = text.find('\n');
      said_.push_back(mark + Stable(std::string(text.substr(0, end))));
      text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
  }

  Registry registry_ = MakeRegistry({});
  Config config_{registry_};
  std::unique_ptr<Simulation> simulation_;
  std::unique_ptr<Session> session_;
  std::vector<std::string> said_;
};

void ReadSetting(std::string_view setting, Conversation& conversation) {
  for (const std::string_view word : Split(setting, ' ')) {
    if (word == "-") {
      conversation.options.keep_going = false;
    } else if (word == "json") {
      conversation.options.json = true;
    } else if (word == "prompt") {
      conversation.options.interactive = true;
      conversation.options.keep_going = false;
    } else if (word == "echo") {
      conversation.options.echo = true;
    } else if (word == "quiet") {
      conversation.options.quiet = true;
    } else if (word == "verbose") {
      conversation.options.verbose = true;
    } else if (word.starts_with("width=")) {
      conversation.options.width = *ParseUnsigned(word.substr(6));
    } else {
      conversation.overrides.emplace_back(word);
    }
  }
}

bool IsSet(const char* variable, std::string_view value) {
  const char* text = std::getenv(variable);
  return text && text == value;
}

/// Plays the transcript in a folder of its own. Returns it with what comes back now, and tells of the
/// first difference.
Transcript Play(const Transcript& transcript, const std::string& file, std::string& difference) {
  Conversation conversation;
  for (const std::string& line : transcript.head)
    if (line.starts_with("% ")) ReadSetting(std::string_view(line).substr(2), conversation);
  Player player(conversation);
  Transcript played = transcript;
  for (Turn& turn : played.turns) {
    Comparison comparison = Compare(turn.after, player.Type(turn.typed));
    turn.after = std::move(comparison.updated);
    if (!difference.empty() || comparison.difference.empty()) continue;
    difference = file + ":" + std::to_string(turn.line) +
                 ": what came back (+) is not as written (-)" + "\n  > " + turn.typed + '\n' +
                 Excerpt(comparison.difference);
  }
  return played;
}

class TranscriptTest : public testing::TestWithParam<std::string> {};

TEST_P(TranscriptTest, ComesBackAsWritten) {
  const auto old_folder = std::filesystem::current_path();
  const auto scratch = std::filesystem::path(testing::TempDir()) / ("transcript-" + GetParam());
  std::filesystem::create_directories(scratch);
  const std::string file = GetParam() + ".del";
  const std::string text = ReadAll(kFolder / file);
  const Transcript transcript = ParseTranscript(text);
  ASSERT_EQ(ToText(transcript), text) << "the last line must end";
  std::string difference;
  std::filesystem::current_path(scratch);
  const Transcript played = Play(transcript, "tests/transcripts/" + file, difference);
  std::filesystem::current_path(old_folder);
  std::filesystem::remove_all(scratch);
  if (!IsSet("DELSTEP_REWRITE_TRANSCRIPTS", "1")) {
    EXPECT_TRUE(difference.empty()) << difference;
  } else if (IsSet("CI", "true")) {
    FAIL() << "transcripts are not rewritten where CI=true";
  } else {
    std::ofstream(kFolder / file, std::ios::binary) << ToText(played);
  }
}

std::vector<std::string> Names() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(kFolder))
    if (entry.path().extension() == ".del") names.push_back(entry.path().stem().string());
  std::ranges::sort(names);
  return names;
}

INSTANTIATE_TEST_SUITE_P(All, TranscriptTest, testing::ValuesIn(Names()),
                         [](const auto& name) { return name.param; });

}  // namespace
}  // namespace delstep
