#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "console/session/session.h"
#include "delstep/registry.h"
#include "tests/properties/command_lines.h"

namespace delstep {
namespace {

class RandomConversation {
 public:
  explicit RandomConversation(std::uint64_t seed) : random_({seed, 0}) {
    const std::vector<std::string> overrides = {
        "data.name=blobs",   "nodes.count=4",     "data.samples=200",
        "data.features=4",   "model.hidden=[4]",  "partition.samples_per_node=20",
        "training.epochs=1", "training.threads=1"};
    config_ = *Config::Load(registry_, {}, {}, overrides);
    simulation_ = *Simulation::Create(config_.scenario(), registry_);
    session_ = *Session::Create(
        *simulation_, config_, registry_, {.keep_going = true, .json = true},
        {[this](std::string_view text) { out_ += text; }, [](std::string_view) {}});
  }

  void SayOne() {
    line_ = WithMessages(RandomCommandLine(random_));
    out_.clear();
    const bool fits = !session_->NeedsMore() && Fits();
    session_->FeedLine(line_);
    // What is wrong whatever the state is was to be found ahead.
    if (fits && out_.find("\"code\":2,") != std::string::npos)
      ADD_FAILURE() << line_ << "\n" << out_;
    if (session_->NeedsMore() && random_.Chance(0.5)) session_->DropLine();
    Complete();
    CheckJson();
    CheckCounts();
  }

  double ShareOfSuccesses() const {
    double done = 0, all = 0;
    for (const LogEntry& entry : session_->log()) {
      const auto* command = std::get_if<CommandEntry>(&entry);
      if (!command) continue;
      ++all;
      done += command->ok;
    }
    return done / all;
  }

 private:
  /// The word ID stands for the number of a message that is not yet aggregated, and now and then
  /// for one that may be.
  std::string WithMessages(std::string line) {
    const std::vector<MessageView> messages = simulation_->Messages();
    for (std::size_t at = line.find("ID"); at != std::string::npos; at = line.find("ID", at)) {
      const bool any = messages.empty() || random_.Chance(0.1);
      line.replace(at, 2,
                   std::to_string(any ? random_.Below(100)
                                      : static_cast<std::uint64_t>(
                                            messages[random_.Below(messages.size())].message.id)));
    }
    return line;
  }

  /// The check before a run finds nothing.
  bool Fits() const {
    const ScriptSource source{.is_file = false, .text = line_, .origin = "line"};
    return CheckBeforeRun({&source, 1}, *simulation_, config_, registry_).empty();
  }

  void Complete() {
    const auto completion = session_->Complete(line_);
    EXPECT_LE(completion.begin, line_.size());
    session_->Hint(line_);
  }

  void CheckJson() const {
    for (const std::string_view text : Split(out_, '\n'))
      EXPECT_TRUE(text.empty() || nlohmann::json::accept(text)) << line_ << "\n" << text;
  }

  void CheckCounts() const {
    const Statistics stats = simulation_->Stats();
    EXPECT_EQ(stats.sent, stats.delivered + stats.lost + stats.in_flight) << line_;
    EXPECT_EQ(stats.queued, simulation_->queued()) << line_;
    EXPECT_LE(stats.waiting, stats.in_flight) << line_;
    std::uint64_t of_links = 0;
    for (const LinkTrafficView& link : simulation_->LinkTraffic()) of_links += link.in_flight;
    EXPECT_EQ(of_links, stats.in_flight) << line_;
    std::map<MessageState, std::uint64_t> listed;
    for (const MessageView& view : simulation_->Messages()) ++listed[view.state];
    EXPECT_EQ(listed[MessageState::kOutbox], stats.queued) << line_;
    EXPECT_EQ(listed[MessageState::kArrived], stats.waiting) << line_;
    EXPECT_EQ(listed[MessageState::kFlight] + stats.waiting, stats.in_flight) << line_;
  }

  Random random_;
  Registry registry_ = MakeRegistry({});
  Config config_{registry_};
  std::unique_ptr<Simulation> simulation_;
  std::unique_ptr<Session> session_;
  std::string line_, out_;
};

TEST(Console, TenThousandRandomLinesCrashNothingAndLoseNoMessage) {
  const auto folder = std::filesystem::path(testing::TempDir()) / "random-lines";
  std::filesystem::create_directories(folder);
  const auto before = std::filesystem::current_path();
  std::filesystem::current_path(folder);
  RandomConversation conversation(1);
  for (int i = 0; i < 10'000 && !testing::Test::HasFailure(); ++i) conversation.SayOne();
  std::filesystem::current_path(before);
  std::filesystem::remove_all(folder);
  EXPECT_GT(conversation.ShareOfSuccesses(), 0.3) << "the lines said hardly anything";
}

}  // namespace
}  // namespace delstep
