// SPDX-License-Identifier: GPL-2.0-only
#include "network/ns3/helper/capture.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

#include <ns3/csma-net-device.h>
#include <ns3/simulator.h>
#include <ns3/wifi-net-device.h>
#include <ns3/wifi-phy.h>

#include "network/ns3/helper/refusal.h"

namespace delstep_ns3 {
namespace {

constexpr std::uint32_t kSnapLength = 128;
constexpr std::size_t kMostWaiting = std::size_t{256} << 10;
// Numbers of www.tcpdump.org/linktypes.html.
constexpr std::uint32_t kEthernet = 1, kPpp = 9, kWifi = 105;

void Append(std::string& out, std::uint32_t number) {
  out.append(reinterpret_cast<const char*>(&number), sizeof number);
}

// The header says by its first number in which order the bytes of numbers are.
std::string FileHeader(std::uint32_t link_type) {
  std::string header;
  Append(header, 0xa1b23c4d);      // times in nanoseconds
  Append(header, 2 | (4u << 16));  // version 2.4
  Append(header, 0);               // time zone
  Append(header, 0);               // accuracy
  Append(header, kSnapLength);
  Append(header, link_type);
  return header;
}

[[noreturn]] void Refuse(const std::string& what, const std::string& path) {
  throw Refusal{"ns3.pcap: cannot " + what + " " + path + ": " + std::strerror(errno),
                "name a folder that can be written, with room on its disk"};
}

}  // namespace

Capture::Capture(std::string folder) : folder_(std::move(folder)) {
  if (folder_.empty()) return;
  std::error_code error;
  std::filesystem::create_directories(folder_, error);
  errno = error.value();
  if (error || access(folder_.c_str(), W_OK | X_OK) != 0) Refuse("make files in", folder_);
}

Capture::File& Capture::Open(const std::string& name, std::uint32_t link_type) {
  files_.push_back(
      {.capture = this, .name = name, .link_type = link_type, .waiting = {}, .begun = false});
  return files_.back();
}

void Capture::Watch(const ns3::Ptr<ns3::NetDevice>& device, const std::string& name) {
  if (folder_.empty()) return;
  const bool ethernet = device->GetObject<ns3::CsmaNetDevice>() != nullptr;
  File& file = Open(name, ethernet ? kEthernet : kPpp);
  device->TraceConnectWithoutContext("PromiscSniffer", ns3::MakeCallback(&File::Add, &file));
}

void Capture::WatchRadio(const ns3::Ptr<ns3::NetDevice>& device, const std::string& name) {
  if (folder_.empty()) return;
  File* const file = &Open(name, kWifi);
  const auto phy = ns3::DynamicCast<ns3::WifiNetDevice>(device)->GetPhy();
  using ns3::MpduInfo, ns3::Packet, ns3::Ptr, ns3::WifiTxVector;
  phy->TraceConnectWithoutContext(
      "MonitorSnifferRx",
      ns3::Callback<void, Ptr<const Packet>, std::uint16_t, WifiTxVector, MpduInfo,
                    ns3::SignalNoiseDbm, std::uint16_t>(
          [file](Ptr<const Packet> packet, std::uint16_t, WifiTxVector, MpduInfo,
                 ns3::SignalNoiseDbm, std::uint16_t) { file->Add(packet); }));
  phy->TraceConnectWithoutContext(
      "MonitorSnifferTx",
      ns3::Callback<void, Ptr<const Packet>, std::uint16_t, WifiTxVector, MpduInfo, std::uint16_t>(
          [file](Ptr<const Packet> packet, std::uint16_t, WifiTxVector, MpduInfo, std::uint16_t) {
            file->Add(packet);
          }));
}

void Capture::File::Add(ns3::Ptr<const ns3::Packet> packet) {
  // The format of a record: seconds, nanoseconds, bytes that are kept, bytes that there were.
  const std::int64_t now = ns3::Simulator::Now().GetNanoSeconds();
  const std::uint32_t size = packet->GetSize(), kept = std::min(size, kSnapLength);
  Append(waiting, static_cast<std::uint32_t>(now / 1'000'000'000));
  Append(waiting, static_cast<std::uint32_t>(now % 1'000'000'000));
  Append(waiting, kept);
  Append(waiting, size);
  waiting.resize(waiting.size() + kept);
  packet->CopyData(reinterpret_cast<std::uint8_t*>(waiting.data() + waiting.size() - kept), kept);
  if (waiting.size() >= kMostWaiting) capture->Write(*this);
}

void Capture::Write(File& file) {
  if (file.waiting.empty()) return;
  if (!file.begun) {
    // For the sake of a copy, which has a folder of its own.
    std::error_code ignored;
    std::filesystem::create_directories(folder_, ignored);
    file.waiting.insert(0, FileHeader(file.link_type));
  }
  const std::string path = folder_ + "/" + file.name + ".pcap";
  const int flags = O_WRONLY | O_CREAT | O_CLOEXEC | (file.begun ? O_APPEND : O_TRUNC);
  const int descriptor = open(path.c_str(), flags, 0666);
  if (descriptor < 0) Refuse("open", path);
  file.begun = true;
  for (std::size_t done = 0; done < file.waiting.size();) {
    const ssize_t more = write(descriptor, file.waiting.data() + done, file.waiting.size() - done);
    if (more < 0 && errno == EINTR) continue;
    if (more < 0) {
      const int reason = errno;
      close(descriptor);
      errno = reason;
      Refuse("write", path);
    }
    done += static_cast<std::size_t>(more);
  }
  close(descriptor);
  file.waiting.clear();
}

void Capture::Flush() {
  for (File& file : files_) Write(file);
}

void Capture::Fork(int pid) {
  if (folder_.empty()) return;
  folder_ += "/copy-" + std::to_string(pid);
  for (File& file : files_) {
    file.waiting.clear();
    file.begun = false;
  }
}

}  // namespace delstep_ns3
