// A map of limited weight that forgets what was asked for least recently. Not safe from several
// threads: its owner locks.
#pragma once

#include <cstddef>
#include <list>
#include <unordered_map>
#include <utility>

namespace mutirao::http {

/// `View` looks keys up without owning them: made from a Key, and valid as long as that one stands.
template <class Key, class Value, class View = Key>
class lru_map {
 public:
  explicit lru_map(std::size_t most_weight) : most_(most_weight) {}

  /// Nothing where it is not known. The pointer lives until the next change of the map.
  Value* find(const View& key) {
    const auto found = places_.find(key);
    if (found == places_.end()) return nullptr;
    order_.splice(order_.begin(), order_, found->second);
    return &found->second->value;
  }

  /// Replaces what stood there. An entry heavier than the whole map is not kept.
  void put(Key key, Value value, std::size_t weight) {
    erase(View(key));
    if (weight > most_) return;
    order_.push_front({std::move(key), std::move(value), weight});
    places_.emplace(View(order_.front().key), order_.begin());
    weight_ += weight;
    while (weight_ > most_) erase(View(order_.back().key));
  }

  void erase(const View& key) {
    const auto found = places_.find(key);
    if (found == places_.end()) return;
    const auto place = found->second;
    weight_ -= place->weight;
    places_.erase(found);  // before its key goes
    order_.erase(place);
  }

  std::size_t weight() const { return weight_; }
  std::size_t size() const { return order_.size(); }

 private:
  struct entry {
    Key key;
    Value value;
    std::size_t weight;
  };
  std::size_t most_;
  std::size_t weight_ = 0;
  std::list<entry> order_;  // most recent first
  std::unordered_map<View, typename std::list<entry>::iterator> places_;
};

}  // namespace mutirao::http
