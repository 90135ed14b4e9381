// Processes by MPI: messages and rows are point-to-point, between the processes of one mpirun.
#include <mpi.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "cluster/entry.h"

namespace delstep {
namespace {

constexpr int kLengthTag = 1, kMessageTag = 2, kRowTag = 3;
/// MPI counts in int: what is longer goes in pieces.
constexpr std::size_t kPiece = std::size_t{1} << 30;

/// Looks often at first, then once in a tenth of a millisecond, and after a second of nothing once in a
/// millisecond: answers come at once, and who waits for a person uses no core.
class Patience {
 public:
  void Wait() {
    using std::chrono::microseconds;
    ++turns_;
    if (turns_ < 100)
      std::this_thread::yield();
    else
      std::this_thread::sleep_for(microseconds(turns_ < 10'000 ? 100 : 1000));
  }

 private:
  std::uint64_t turns_ = 0;
};

void WaitAll(std::vector<MPI_Request>& requests) {
  Patience patience;
  for (int done = 0;;) {
    MPI_Testall(static_cast<int>(requests.size()), requests.data(), &done, MPI_STATUSES_IGNORE);
    if (done != 0) return;
    patience.Wait();
  }
}

class MpiProcesses final : public Processes {
 public:
  // An error of MPI ends all processes, and says so: the default of MPI_COMM_WORLD. One thread at a time
  // calls it, but not always the same one.
  MpiProcesses() {
    int level = 0;
    MPI_Init_thread(nullptr, nullptr, MPI_THREAD_SERIALIZED, &level);
    MPI_Comm_rank(MPI_COMM_WORLD, &self_);
    MPI_Comm_size(MPI_COMM_WORLD, &size_);
    if (level < MPI_THREAD_SERIALIZED) {
      std::fputs("delstep: this MPI cannot be used from more than one thread\n", stderr);
      MPI_Abort(MPI_COMM_WORLD, 4);
    }
  }
  ~MpiProcesses() override {
    // One that ends by an exception must not wait for the others, who wait for it.
    if (std::uncaught_exceptions() > 0) MPI_Abort(MPI_COMM_WORLD, 1);
    MPI_Finalize();
  }

  int self() const override { return self_; }
  int size() const override { return size_; }

  void Send(int to, std::string_view message) override {
    const std::uint64_t length = message.size();
    std::vector<MPI_Request> requests(1);
    MPI_Isend(&length, 1, MPI_UINT64_T, to, kLengthTag, MPI_COMM_WORLD, requests.data());
    for (std::size_t at = 0; at < message.size(); at += kPiece)
      MPI_Isend(message.data() + at, CountOf(message.size() - at), MPI_BYTE, to, kMessageTag,
                MPI_COMM_WORLD, &requests.emplace_back());
    WaitAll(requests);
  }

  std::string Receive(int from) override {
    for (Patience patience; !HasMessage(from);) patience.Wait();
    std::uint64_t length = 0;
    MPI_Recv(&length, 1, MPI_UINT64_T, from, kLengthTag, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    std::string message(length, '\0');
    std::vector<MPI_Request> requests;
    for (std::size_t at = 0; at < message.size(); at += kPiece)
      MPI_Irecv(message.data() + at, CountOf(message.size() - at), MPI_BYTE, from, kMessageTag,
                MPI_COMM_WORLD, &requests.emplace_back());
    WaitAll(requests);
    return message;
  }

  bool HasMessage(int from) override {
    int has = 0;
    MPI_Iprobe(from, kLengthTag, MPI_COMM_WORLD, &has, MPI_STATUS_IGNORE);
    return has != 0;
  }

  void Exchange(std::span<const Outgoing> out, std::span<const Incoming> in) override {
    std::vector<MPI_Request> requests;
    for (const Incoming& row : in)
      for (std::size_t at = 0; at < row.numbers.size(); at += kPiece)
        MPI_Irecv(row.numbers.data() + at, CountOf(row.numbers.size() - at), MPI_FLOAT, row.from,
                  kRowTag, MPI_COMM_WORLD, &requests.emplace_back());
    for (const Outgoing& row : out)
      for (std::size_t at = 0; at < row.numbers.size(); at += kPiece)
        MPI_Isend(row.numbers.data() + at, CountOf(row.numbers.size() - at), MPI_FLOAT, row.to,
                  kRowTag, MPI_COMM_WORLD, &requests.emplace_back());
    WaitAll(requests);
  }

 private:
  static int CountOf(std::size_t left) { return static_cast<int>(std::min(left, kPiece)); }

  int self_ = 0, size_ = 1;
};

std::string Version() {
  char text[MPI_MAX_LIBRARY_VERSION_STRING] = {};
  int length = 0;
  MPI_Get_library_version(text, &length);
  // "Open MPI v4.1.4, package: ..."
  const std::string version(text, static_cast<std::size_t>(length));
  std::string name = version.substr(0, version.find(','));
  if (const auto v = name.find(" v"); v != std::string::npos) name.erase(v + 1, 1);
  return name;
}

}  // namespace
}  // namespace delstep

extern "C" __attribute__((visibility("default"))) const delstep::MpiEntry delstep_mpi_entry;
const delstep::MpiEntry delstep_mpi_entry = {delstep::kMpiStamp,
                                             []() -> std::unique_ptr<delstep::Processes> {
                                               return std::make_unique<delstep::MpiProcesses>();
                                             },
                                             &delstep::Version};
