#pragma once
/// From degrees to metres.

namespace delstep {

/// The equirectangular projection about the mean of the places that were added:
/// x = R cos(lat0) (lon - lon0), y = R (lat - lat0), on a sphere of R = 6371008.8 m. x goes to the
/// east, y to the north. Good enough for fields of up to 50 km: at 25 km and 40 degrees of latitude
/// lengths are wrong by 0.33 %. Fields may lie across the date line.
class Projection {
 public:
  /// Degrees.
  struct Place {
    double lat = 0, lon = 0;
  };
  /// Metres.
  struct Metres {
    double x = 0, y = 0;
  };

  void Add(Place place);
  /// Requires that a place was added.
  Metres At(Place place) const;

 private:
  double first_lon_ = 0, lon_sum_ = 0, lat_sum_ = 0;
  double count_ = 0;
};

}  // namespace delstep
