package io.silkroute.app;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Reads settings one by one; what cannot be used ends in a {@link SettingException}. */
final class SettingReader {

    private final Function<String, Optional<String>> source;

    /**
     * @param source gives the text of a setting, if it is set
     */
    SettingReader(Function<String, Optional<String>> source) {
        this.source = source;
    }

    /** The text as given; an empty one counts as none. */
    Optional<String> text(String name) {
        return given(name).filter(value -> !value.isEmpty());
    }

    /** The text as given, be it empty. */
    Optional<String> given(String name) {
        return source.apply(name).map(String::strip);
    }

    int integer(String name, int least, int most, int unset) {
        return (int) whole(name, least, most, unset);
    }

    long whole(String name, long least, long most, long unset) {
        Optional<String> text = text(name);
        if (text.isEmpty()) {
            return unset;
        }
        String expected = "an integer from " + least + " to " + most;
        try {
            long value = Long.parseLong(text.get());
            if (value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new SettingException(name, text.get(), expected);
    }

    /** A ratio in {@code (above, most]}, or in {@code [0, most]} when {@code above} is negative. */
    double ratio(String name, double above, double most, double unset) {
        Optional<String> text = text(name);
        if (text.isEmpty()) {
            return unset;
        }
        try {
            double value = Double.parseDouble(text.get());
            if (value > above && value >= 0 && value <= most) {
                return value;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        String floor = above < 0 ? ">= 0" : "> " + number(above);
        throw new SettingException(name, text.get(), floor + " and <= " + number(most));
    }

    boolean flag(String name, boolean unset) {
        Optional<String> text = text(name).map(value -> value.toLowerCase(Locale.ROOT));
        if (text.isEmpty()) {
            return unset;
        }
        return switch (text.get()) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new SettingException(name, text.get(), "true or false");
        };
    }

    <E extends Enum<E>> E choice(String name, Class<E> type, E unset) {
        Optional<String> text = text(name);
        if (text.isEmpty()) {
            return unset;
        }
        List<E> choices = List.of(type.getEnumConstants());
        return choices.stream()
                .filter(choice -> wireName(choice).equals(text.get()))
                .findFirst()
                .orElseThrow(() -> new SettingException(
                        name,
                        text.get(),
                        "one of "
                                + choices.stream().map(SettingReader::wireName).collect(Collectors.joining(", "))));
    }

    /** The items of a comma-separated list, without blanks; each made by {@code rule}, which gives empty for a bad one. */
    <T> List<T> list(String name, String unset, String expected, Function<String, Optional<T>> rule) {
        String text = text(name).orElse(unset);
        return Arrays.stream(text.split(","))
                .map(String::strip)
                .map(item -> rule.apply(item).orElseThrow(() -> new SettingException(name, text, expected)))
                .toList();
    }

    private static String wireName(Enum<?> choice) {
        return choice.name().toLowerCase(Locale.ROOT);
    }

    private static String number(double value) {
        return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
    }
}
