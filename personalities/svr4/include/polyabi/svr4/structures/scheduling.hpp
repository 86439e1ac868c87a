// Scheduling classes and processors (sys/priocntl.h, sys/tspriocntl.h, sys/processor.h).
#pragma once

#include <polyabi/core/translate.hpp>

namespace polyabi::svr4 {

/// pcinfo_t, with what the time-sharing class tells of itself.
template <class M>
struct pcinfo {
  typename M::i32 class_id;
  char class_name[16];
  typename M::i16 max_user_priority;
  unsigned char rest[30];
  POLYABI_FIELDS(pcinfo, class_id, class_name, max_user_priority)
};
static_assert(layout<pcinfo<ilp32_i386>, 52>);

/// pcparms_t, with the parameters of the time-sharing class.
template <class M>
struct pcparms {
  typename M::i32 class_id;
  typename M::i16 user_limit, user_priority;
  unsigned char rest[28];
  POLYABI_FIELDS(pcparms, class_id, user_limit, user_priority)
};
static_assert(layout<pcparms<ilp32_i386>, 36>);

/// pcpri_t: the range of a class' global priorities.
template <class M>
struct pcpri {
  typename M::i32 class_id;
  typename M::i16 max_priority, min_priority;
  POLYABI_FIELDS(pcpri, class_id, max_priority, min_priority)
};
static_assert(layout<pcpri<ilp32_i386>, 8>);

/// pcnice_t.
template <class M>
struct pcnice {
  typename M::i32 value, operation;
  POLYABI_FIELDS(pcnice, value, operation)
};
static_assert(layout<pcnice<ilp32_i386>, 8>);

/// processor_info_t.
template <class M>
struct processor_information {
  typename M::i32 state;
  char type[16], floating_point[32];
  typename M::i32 clock;
  POLYABI_FIELDS(processor_information, state, type, floating_point, clock)
};
static_assert(layout<processor_information<ilp32_i386>, 56>);

} // namespace polyabi::svr4
