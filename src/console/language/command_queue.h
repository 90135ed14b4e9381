#pragma once
/// What is still to be run: a stack of scripts and repeats. A repeat is a frame with a counter, so
/// a billion rounds take no memory.
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "console/language/script.h"

namespace delstep {

class CommandQueue {
 public:
  static constexpr std::size_t kDepth = 64;  ///< scripts that may lie in each other

  /// How far a repeat or a script is, or a `run` (the queue itself knows of none).
  struct Place {
    bool in_repeat = false;
    bool in_run = false;               ///< nanoseconds that have passed, of those asked for
    std::uint64_t number = 0, of = 0;  ///< from 1; of 0: nothing runs
  };

  /// Puts a script before what is queued. `is_file`: paths in it are looked up beside it.
  void Push(std::shared_ptr<const Script> script, bool is_file);
  /// Reads a file and puts it before what is queued: beside the script that loads it, else in the
  /// working directory. Returns the path found. Errors, at the word: kFile; kUsage, in the file;
  /// kRefused beyond kDepth, or for standard input where the commands come from there; kInterrupted
  /// if a stop ended the wait for a pipe.
  Result<std::string> Load(const Word& file, std::stop_token stop = {});
  /// Where Load() would look for it.
  std::string PathOf(const Word& file) const;
  /// The same for a path as it is.
  Result<void> LoadPath(const std::string& path, std::stop_token stop = {});
  /// For checks: from now on a `{` or `"` that is never closed keeps no file from being queued, and
  /// TakeUnclosed() has what is wrong instead.
  void TolerateUnclosed() { tolerates_unclosed_ = true; }
  std::vector<Error> TakeUnclosed() { return std::exchange(unclosed_, {}); }
  /// Puts the body of the current statement before what is queued.
  void Repeat(std::uint64_t times);

  /// The next statement, which becomes the current one; null when nothing is left.
  const Statement* Next();
  void Clear() { frames_.clear(); }
  /// Ends the innermost repeat that runs, with the scripts that it has loaded; after it comes what
  /// stands behind it. Returns its round then, of those asked for; nothing where none runs, or
  /// where it has nothing left to run. There may be no current statement any more.
  std::optional<Place> EndInnermostRepeat();
  /// Nothing is left to run after the current statement.
  bool empty() const;
  /// There is no current statement.
  bool idle() const { return frames_.empty(); }

  /// The comments that Next() has passed since they were last taken, in order. Next() keeps them
  /// only from the first call on.
  std::vector<std::string> TakeComments();
  /// How many scripts and repeats lie around what comes next; 0: Next() has nothing left. What a
  /// command pushed has come to its end as soon as there are no more of them than size() told
  /// before it.
  std::size_t Depth() const;

  /// All that Next() would still give, for a checkpoint: scripts as text, each once, and the
  /// places in them. To be called between two commands, or by a command that pushes nothing.
  void Save(ByteWriter& writer) const;
  /// Takes over what was saved, in place of what is queued. The bytes may come from anybody: places
  /// outside of a script, or a script with an open block, make the reader bad.
  void Load(ByteReader& reader);
  /// The next command and its place, without taking it: "train 10.0.0.1 (exp.del:12)"; empty: none.
  std::string Ahead() const;

  /// How far the outermost repeat is, or, where none runs, the outermost script of several
  /// commands.
  Place PlaceInRun() const;

  // About the current statement; must be called before Push, Load or Repeat.
  const Script& script() const { return *frames_.back().script; }
  const Script& outermost() const { return *frames_.front().script; }
  std::size_t size() const { return frames_.size(); }
  std::string Text() const { return script().TextOf(frames_.back().current); }
  /// Who loaded the text in which the error lies: "main.del:3", innermost first.
  std::vector<std::string> ChainOf(const Error& error) const;
  /// The statements that belong to it: those that Repeat() would repeat.
  std::span<const Statement> Body() const;
  std::string BodyText() const { return script().BodyOf(frames_.back().current); }

 private:
  struct Frame {
    std::shared_ptr<const Script> script;
    std::size_t begin = 0, end = 0;  ///< statements
    std::size_t next = 0, current = 0;
    std::uint64_t times = 1, rounds = 1;  ///< in all, and left: the present one included
    /// Counted as they pass: a walk through a long script at each command would take forever.
    std::uint64_t number = 0, commands = 0;  ///< commands of this round so far, and in all
    bool is_script = false;                  ///< else a repeat
    bool is_file = false;
  };
  Result<void> CheckDepth(const std::string& path) const;
  void Pass(const std::vector<std::string>& comments);

  std::vector<Frame> frames_;
  bool tolerates_unclosed_ = false, keeps_comments_ = false;
  std::vector<Error> unclosed_;
  std::vector<std::string> comments_;
};

}  // namespace delstep
