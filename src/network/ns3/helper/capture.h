// SPDX-License-Identifier: GPL-2.0-only
#pragma once
/// Packets in files that Wireshark and tcpdump read: one per device.
#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include <ns3/net-device.h>
#include <ns3/packet.h>
#include <ns3/ptr.h>

namespace delstep_ns3 {

/// Files FOLDER/NAME.pcap, with the first 128 bytes of each packet: all headers, and some of the
/// contents, which are zeros anyway. A device that carries nothing gets no file. Times are the
/// network's. Bytes wait in memory until Flush(), so that a session with thousands of devices holds
/// no file open.
class Capture {
 public:
  /// An empty `folder`: nothing is captured. Makes the folder; throws a Refusal if it cannot.
  explicit Capture(std::string folder);

  /// Captures what this device sends and receives; a point-to-point or CSMA device.
  void Watch(const ns3::Ptr<ns3::NetDevice>& device, const std::string& name);
  /// The same for a wifi device, with the headers of 802.11, and with frames for others that it
  /// hears.
  void WatchRadio(const ns3::Ptr<ns3::NetDevice>& device, const std::string& name);

  /// Writes what waits. Throws a Refusal if the disk does not take it.
  void Flush();

  /// In a forked copy, after Flush() in the original: packets go to files of their own from now on,
  /// in FOLDER/copy-PID.
  void Fork(int pid);

 private:
  struct File {
    Capture* capture;
    std::string name;
    std::uint32_t link_type;
    std::string waiting;
    bool begun = false;

    void Add(ns3::Ptr<const ns3::Packet> packet);
  };

  File& Open(const std::string& name, std::uint32_t link_type);
  void Write(File& file);

  std::string folder_;
  std::deque<File> files_;  // their addresses are known to ns-3
};

}  // namespace delstep_ns3
