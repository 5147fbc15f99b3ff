package clock

import (
	"errors"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

// isoForm is a duration of ISO 8601 in whole numbers, except for a fraction of a second.
const isoForm = `^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$`

// maxCount bounds each number of a period, so that no sum of them overflows.
const maxCount = 1_000_000

var errPeriod = errors.New("has to be a duration of ISO 8601 such as P30D, P1Y6M or PT90M, with its units in their order " +
	"and fractions of seconds only, or one such as 36h or 1h30m; each number is at most 1000000")

// ParsePeriod reads a duration of ISO 8601, such as P30D, whose years, months and days are those of
// the calendar, or one of hours, minutes and seconds, such as 36h.
func ParsePeriod(text string) (domain.Period, error) {
	if !strings.HasPrefix(text, "P") {
		rest, err := time.ParseDuration(text)
		if err != nil || rest < 0 {
			return domain.Period{}, errPeriod
		}
		return domain.Period{Rest: rest}, nil
	}
	parts := regexp.MustCompile(isoForm).FindStringSubmatch(text)
	if parts == nil || strings.HasSuffix(text, "P") || strings.HasSuffix(text, "T") {
		return domain.Period{}, errPeriod
	}
	var counts [6]int
	for i := range counts {
		n, err := strconv.Atoi("0" + parts[i+1])
		if err != nil || n > maxCount {
			return domain.Period{}, errPeriod
		}
		counts[i] = n
	}
	seconds, err := time.ParseDuration("0" + parts[7] + "s")
	if err != nil || seconds > maxCount*time.Second {
		return domain.Period{}, errPeriod
	}
	return domain.Period{
		Years: counts[0], Months: counts[1], Days: 7*counts[2] + counts[3],
		Rest: time.Duration(counts[4])*time.Hour + time.Duration(counts[5])*time.Minute + seconds,
	}, nil
}
