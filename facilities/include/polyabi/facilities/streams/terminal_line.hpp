// A kernel's terminal seen as a stream: what is asked of its head is answered here, its bytes stay where they are. It is made
// when somebody asks for the first time, and goes with the open file.
#pragma once

#include <polyabi/facilities/streams/registry.hpp>

namespace polyabi::streams {

/// Which side of a pseudo-terminal; the console and its like are lines.
enum class terminal_side : u8 { line, master };

template <class K>
class terminal_line final : public stream_module<K> {
public:
  explicit terminal_line(terminal_side side) : stream_module<K>{side == terminal_side::line ? terminal_driver : "ptm"sv} {}
  void release() override { destroy<K>(this); }
  void from_above(message_ptr<K> m) override {
    if (m->type == message_type::ioctl)
      this->refuse(std::move(m), errc::inval);
    else if (m->type == message_type::flush)
      this->flush_at_end(std::move(m));
  }
};

/// The stream that belongs to an open file, and with it ends.
template <class K>
class adopted_stream {
public:
  /// The stream of a file that is a terminal. Inside the section. Null: out of memory.
  static stream<K>* of(typename K::file& terminal, terminal_side side) {
    for (adopted_stream* a = first; a != nullptr; a = a->next_)
      if (a->file_ == &terminal) return a->stream_.get();
    auto* driver = create<K, terminal_line<K>>(side);
    stream<K>* made = driver != nullptr ? stream<K>::make(*driver) : nullptr;
    if (made == nullptr) return nullptr;
    auto* adopted = create<K, adopted_stream>(terminal, stream_ref<K>{made});
    if (adopted == nullptr) return nullptr;
    if (side == terminal_side::line)
      for (const std::string_view name : {"ptem"sv, "ldterm"sv, "ttcompat"sv})
        if (stream_module<K>* m = find_module<K>(name)->make(); m != nullptr) (void)made->push(*m);
    return made;
  }

  adopted_stream(typename K::file& terminal, stream_ref<K> of) : file_{&terminal}, stream_{std::move(of)} {
    next_ = first;
    first = this;
    watching_.self = this;
    watching_.gone = [](typename K::file_observer& o) { static_cast<watch&>(o).self->end(); };
    K::observe(terminal, watching_);
  }
  ~adopted_stream() {
    for (adopted_stream** at = &first; *at != nullptr; at = &(*at)->next_)
      if (*at == this) {
        *at = next_;
        break;
      }
  }

private:
  struct watch : K::file_observer {
    adopted_stream* self = nullptr;
  };
  void end() {
    destroy<K>(this);
    queue<K>::run_services();
  }
  static constinit inline adopted_stream* first = nullptr;

  typename K::file* file_;
  stream_ref<K> stream_;
  watch watching_;
  adopted_stream* next_ = nullptr;
};

} // namespace polyabi::streams
