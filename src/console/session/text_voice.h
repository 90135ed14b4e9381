#pragma once
/// A session told as text for people.
#include <functional>
#include <string>
#include <string_view>

#include "console/commands/asking.h"
#include "console/session/render.h"
#include "console/session/voice.h"

namespace delstep {

/// How people are told.
struct TextStyle {
  bool interactive = false;  ///< a person types: what has just been typed is not shown again
  bool quiet = false;        ///< errors, and what `expect` says
  bool verbose = false;      ///< commands in scripts show their tables too
  bool echo = false;         ///< each command of a script is shown before what it says
  bool color = false;
  std::size_t width = kWhole;  ///< of the terminal; kWhole: there is none, and nothing is cut
};

class TextVoice : public Voice {
 public:
  /// Text for results and for diagnostics; each call is one or more whole lines.
  using Print = std::function<void(std::string_view)>;
  struct Outputs {
    Print out, err;
    Print page{};  ///< for what is read page by page; none: `out`
    Asking wait{};
  };
  TextVoice(TextStyle style, Outputs outputs) : style_(style), outputs_(std::move(outputs)) {}

  bool echoes() const override { return style_.echo && !style_.quiet; }
  void Echo(std::string_view line) override;
  bool listens() const override { return !style_.quiet; }
  void Say(std::string_view line) override;
  Asking Waiter() override { return outputs_.wait; }
  void Tell(const CommandResult& result) override;
  void Answer(const CommandResult& result, const AnswerPlace& place) override;
  void Refuse(const CommandResult& result) override;
  void Warn(const Error& error) override;
  void Remark(std::string_view line) override;

 private:
  Detail DetailOf(const CommandResult& result) const;
  std::string TextOf(const CommandResult& result) const;
  void TellPlanned(const CommandResult& result);
  void Explain(const CommandResult& result);

  const TextStyle style_;
  const Outputs outputs_;
};

}  // namespace delstep
