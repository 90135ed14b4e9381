#pragma once
/// The port to the processes of one run: several copies of the program, on one machine or on many,
/// that were started together (`mpirun -n 4 delstep ...`) and work on one run.
///
/// The first process, number 0, leads: it has the session and tells the others what to do
/// (core/cluster/cluster.h). The others hold rows and compute (core/member.h). What they say to each
/// other is messages, which are bytes, and rows of numbers, which go from process to process
/// without a copy between.
///
/// Implementations: MPI (src/cluster/mpi, a plug-in, so that a program that is started alone does
/// not load it), and threads of one program for tests (src/cluster/thread_processes.h).
///
/// Threads: one caller at a time. Errors: there are none. When a process dies, or the connection
/// does, the run is over: the implementation ends the program and says why.
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace delstep {

class Processes {
 public:
  /// While an exception passes by: ends all of them, as they may wait for this one.
  virtual ~Processes() = default;
  /// This process, from 0.
  virtual int self() const = 0;
  /// How many there are, this one included: from 1 to kMostProcesses.
  virtual int size() const = 0;

  /// Sends a message of any length, or none. May wait until the receiver takes it.
  virtual void Send(int to, std::string_view message) = 0;
  /// The next message of that process, in the order of sending. Waits for it without using a core:
  /// a person may think for hours between two commands.
  virtual std::string Receive(int from) = 0;
  /// Whether Receive(from) would return at once.
  virtual bool HasMessage(int from) = 0;

  /// Numbers that go to another process, and a place for numbers that come from one.
  struct Outgoing {
    int to = 0;
    std::span<const float> numbers;
  };
  struct Incoming {
    int from = 0;
    std::span<float> numbers;
  };
  /// Sends and receives all of them, in any order between processes, and in the order of the lists
  /// between two. Both sides of each must call this, with equal lengths; all go on at the same time,
  /// so that no order of calls can lock up.
  virtual void Exchange(std::span<const Outgoing> out, std::span<const Incoming> in) = 0;
};

/// Who holds a row is kept in the bits of a word.
inline constexpr int kMostProcesses = 64;

}  // namespace delstep
