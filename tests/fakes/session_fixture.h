#pragma once
/// A session on four nodes with synthetic data, for tests.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "console/session/checker.h"
#include "console/session/session.h"
#include "delstep/registry.h"

namespace delstep {

class SessionTest : public testing::Test {
 protected:
  SessionTest() {
    folder_ = std::filesystem::path(testing::TempDir()) /
              testing::UnitTest::GetInstance()->current_test_info()->name();
    std::filesystem::create_directories(folder_);
    const std::vector<std::string> overrides = {"data.name=blobs", "nodes.count=4",
                                                "data.samples=200", "training.epochs=1"};
    config_ = *Config::Load(registry_, {}, {}, overrides);
    simulation_ = *Simulation::Create(config_.scenario(), registry_);
    Open({});
  }
  ~SessionTest() override { std::filesystem::remove_all(folder_); }

  void Open(SessionOptions options) {
    session_ = *Session::Create(*simulation_, config_, registry_, options,
                                {[this](std::string_view text) { out_ += text; },
                                 [this](std::string_view text) { err_ += text; }});
  }

  std::string Write(const std::string& name, std::string_view text) {
    const auto path = folder_ / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
    return path.string();
  }

  std::vector<std::string> Commands() const {
    std::vector<std::string> texts;
    for (const LogEntry& entry : session_->log())
      if (const auto* command = std::get_if<CommandEntry>(&entry)) texts.push_back(command->text);
    return texts;
  }

  std::vector<int> Check(const std::string& text) {
    std::vector<int> codes;
    for (const Finding& finding :
         CheckScript(Write("check.del", text), *simulation_, config_, registry_))
      codes.push_back(static_cast<int>(finding.error.code));
    return codes;
  }

  std::filesystem::path folder_;
  Registry registry_ = MakeRegistry({});
  Config config_{registry_};
  std::unique_ptr<Simulation> simulation_;
  std::unique_ptr<Session> session_;
  std::string out_, err_;
};

}  // namespace delstep
