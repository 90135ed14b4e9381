#pragma once
/// A session told as objects of --json.
#include "console/session/answers.h"
#include "console/session/voice.h"

namespace delstep {

class JsonVoice : public Voice {
 public:
  /// The stream outlives it.
  explicit JsonVoice(JsonStream& stream) : answers_(stream) {}

  /// See Answers.
  void BeginRequest(std::string id) { answers_.BeginRequest(std::move(id)); }
  void EndRequest() { answers_.EndRequest(); }

  void Tell(const CommandResult&) override {}
  void Answer(const CommandResult& result, const AnswerPlace& place) override {
    answers_.Add(result, place);
  }
  void Refuse(const CommandResult& result) override { answers_.Add(result, {}); }

 private:
  Answers answers_;
};

}  // namespace delstep
